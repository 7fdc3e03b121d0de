//! Makes a fleet of any size: many hosts that share modules, as grown repositories have them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Result;

/// Modules that every host imports.
const SHARED: usize = 40;

/// Writes a flake with so many hosts; what was there is replaced.
pub(crate) fn generate(directory: &Path, hosts: usize) -> Result<()> {
    if directory.exists() {
        fs::remove_dir_all(directory)?;
    }
    fs::create_dir_all(directory.join("modules"))?;
    fs::write(directory.join("flake.nix"), FLAKE)?;
    let mut imports = String::new();
    for number in 0..SHARED {
        writeln!(imports, "    ./service-{number}.nix")?;
        fs::write(directory.join(format!("modules/service-{number}.nix")), module(number))?;
    }
    fs::write(directory.join("modules/default.nix"), format!("{{\n  imports = [\n{imports}  ];\n}}\n"))?;
    for number in 0..hosts {
        let host = directory.join(format!("hosts/host-{number}"));
        fs::create_dir_all(&host)?;
        fs::write(host.join("default.nix"), configuration(number, hosts))?;
        fs::write(host.join("hardware.nix"), HARDWARE)?;
    }
    Ok(())
}

const FLAKE: &str = r#"{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      mkHost =
        name:
        lib.nixosSystem {
          specialArgs = { inherit self; };
          modules = [
            ./modules
            ./hosts/${name}
            { networking.hostName = name; }
          ];
        };
      names = builtins.attrNames (builtins.readDir ./hosts);
    in
    {
      nixosConfigurations = lib.genAttrs names mkHost;
    };
}
"#;

const HARDWARE: &str = r#"{ lib, ... }:
{
  boot.loader.systemd-boot.enable = true;
  fileSystems."/" = {
    device = "/dev/disk/by-label/nixos";
    fsType = "ext4";
  };
  nixpkgs.hostPlatform = lib.mkDefault "x86_64-linux";
}
"#;

fn module(number: usize) -> String {
    format!(
        r#"{{ config, lib, pkgs, ... }}:
let
  cfg = config.fleet.service{number};
in
{{
  options.fleet.service{number} = {{
    enable = lib.mkEnableOption "service {number}";
    port = lib.mkOption {{
      type = lib.types.port;
      default = {port};
      description = "Where service {number} listens.";
    }};
    settings = lib.mkOption {{
      type = lib.types.attrsOf lib.types.str;
      default = {{ }};
      description = "Settings of service {number}.";
    }};
  }};

  config = lib.mkIf cfg.enable {{
    systemd.services."service-{number}" = {{
      wantedBy = [ "multi-user.target" ];
      serviceConfig = {{
        DynamicUser = true;
        ExecStart = "${{pkgs.hello}}/bin/hello --port ${{toString cfg.port}}";
      }};
    }};
    networking.firewall.interfaces.wg0.allowedTCPPorts = [ cfg.port ];
  }};
}}
"#,
        port = 8000 + number
    )
}

fn configuration(number: usize, hosts: usize) -> String {
    let (first, second) = (number % SHARED, (number * 7 + 3) % SHARED);
    let neighbour = (number + 1) % hosts;
    let of_neighbour = neighbour % SHARED;
    let second = if first == second { (second + 1) % SHARED } else { second };
    format!(
        r#"{{ self, lib, ... }}:
{{
  imports = [ ./hardware.nix ];

  fleet.service{first}.enable = true;
  fleet.service{second} = {{
    enable = lib.mkDefault true;
    settings.peer = "host-{neighbour}:${{toString self.nixosConfigurations.host-{neighbour}.config.fleet.service{of_neighbour}.port}}";
  }};

  system.stateVersion = "25.11";
}}
"#
    )
}
