# Who may open what.
let
  mara = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILwGAtZ48PBkyvbmhgM/nphAZI4p0T3ByGXk5zIImlAP mara@atelier";
  jonas = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC8C3i4JLLBtqo7Y++TEGxK/BX2h4R4QJzXNgjRriSDm jonas@atelier";
  users = [
    mara
    jonas
  ];

  hosts = {
    loom = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBJovr3fmKqTbfLcMyE3huiRW8g4DZt+Xrkd/otixxGU root@loom";
    kiln = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG6p9Qn5+BiYY/JtnRH83EB+K0RU0gvzlf36KM5NQVmY root@kiln";
    press = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILAEhqshBmLEQGbUmT3ScJPYHitg0ZomRVbMtiS/+M5L root@press";
    dyehouse = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILI4xJMpKoMlVrgrX+CXGZvToRYfaEQhayMIMES+3fh+ root@dyehouse";
  };
  everywhere = users ++ builtins.attrValues hosts;
in
{
  "secrets/restic-password.age".publicKeys = everywhere;
  "secrets/restic-environment.age".publicKeys = everywhere;
  "secrets/printer-admin.age".publicKeys = users ++ [ hosts.press ];
  "secrets/font-licence.age".publicKeys = users ++ [ hosts.kiln ];
  "secrets/wifi-kiln.age".publicKeys = [
    mara
    hosts.kiln
  ];
}
