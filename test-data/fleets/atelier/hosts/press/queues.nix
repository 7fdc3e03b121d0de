# The queues, and who may use them.
{ inputs, ... }:
let
  fleet = inputs.self.nixosConfigurations;

  nameOf = machine: machine.config.networking.hostName;
in
{
  atelier.printServer.queues = {
    proof = {
      device = "usb://proof";
      allow = [
        (nameOf fleet.loom)
        (nameOf fleet.kiln)
      ];
    };
    poster = {
      device = "socket://192.168.40.12";
      paper = "A1";
      allow = [ (nameOf fleet.lomm) ];
    };
  };

  environment.etc."printer-token".text = builtins.readFile ../../secrets/printer-token.txt;
}
