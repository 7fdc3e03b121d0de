{
  description = "The machines of a small harbour office";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    nixpkgs-unstable.url = "github:NixOS/nixpkgs/nixos-unstable";
    nixos-hardware.url = "github:NixOS/nixos-hardware";

    disko = {
      url = "github:nix-community/disko";
      inputs.nixpkgs.follows = "nixpkgs";
    };
    secrix = {
      url = "github:Platonic-Systems/secrix";
      inputs.nixpkgs.follows = "nixpkgs";
    };
    nixinate = {
      url = "github:MatthewCroughan/nixinate";
      inputs.nixpkgs.follows = "nixpkgs";
    };

    # The pilots run their own boat. We only watch over it.
    pilotage = {
      url = "git+https://git.pilotage.example/systems.git";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    {
      self,
      nixpkgs,
      nixpkgs-unstable,
      nixos-hardware,
      secrix,
      nixinate,
      pilotage,
      ...
    }@inputs:
    let
      inherit (nixpkgs) lib;

      # topology/*.json: one file per machine, one generated module per file.
      topology = import ./lib/topology {
        inherit lib;
        directory = ./topology;
      };

      globalArgs = {
        inherit self;
        domain = "harbour.example";
      };

      commonModules = [
        secrix.nixosModules.default
        ./configuration.nix
        ./modules
        {
          nixpkgs.overlays = [ self.overlays.default ];
          secrix.defaultEncryptKeys.keeper = [
            (builtins.readFile ./secrets/public_keys/keeper.pub)
          ];
        }
      ];

      mkX86_64 =
        hostname:
        {
          extraModules ? [ ],
          host ? topology.addressOf hostname,
          hostPubKey ? builtins.readFile ./secrets/public_keys/host_keys/${hostname}.pub,
          sshUser ? "deploy",
          buildOn ? "local",
          disks ? false,
        }:
        lib.nixosSystem {
          specialArgs = {
            hostTopology = topology.hosts.${hostname} or null;
          };
          modules =
            commonModules
            ++ extraModules
            ++ (if disks then [ inputs.disko.nixosModules.disko ] else [ ])
            ++ [
              ./machines/${hostname}
              (topology.modules.${hostname} or { })
              {
                nixpkgs.hostPlatform = "x86_64-linux";
                networking.hostName = hostname;
                secrix.hostPubKey = hostPubKey;
                _module.args = globalArgs // {
                  inherit hostname;
                  unstable = import nixpkgs-unstable { localSystem = "x86_64-linux"; };
                  nixinate = {
                    inherit host sshUser buildOn;
                  };
                };
              }
            ];
        };

      mkAarch64 =
        hostname:
        {
          extraModules ? [ ],
          host ? topology.addressOf hostname,
          hostPubKey ? builtins.readFile ./secrets/public_keys/host_keys/${hostname}.pub,
          sshUser ? "deploy",
          hardware ? nixos-hardware.nixosModules.raspberry-pi-4,
        }:
        lib.nixosSystem {
          specialArgs = {
            hostTopology = topology.hosts.${hostname} or null;
          };
          modules = [
            "${nixpkgs}/nixos/modules/installer/sd-card/sd-image-aarch64.nix"
            hardware
          ]
          ++ commonModules
          ++ extraModules
          ++ [
            ./machines/${hostname}
            (topology.modules.${hostname} or { })
            {
              nixpkgs.hostPlatform = "aarch64-linux";
              networking.hostName = hostname;
              secrix.hostPubKey = hostPubKey;
              documentation.enable = false;
              _module.args = globalArgs // {
                inherit hostname;
                unstable = import nixpkgs-unstable { localSystem = "aarch64-linux"; };
                nixinate = {
                  inherit host sshUser;
                  buildOn = "local";
                };
              };
            }
          ];
        };
    in
    {
      nixosConfigurations = {
        # The way in: router, name server, hub of the tunnel.
        anchor = mkX86_64 "anchor" {
          host = "192.168.61.1";
          extraModules = [ ./services/dyndns.nix ];
        };

        # The public face.
        beacon = mkX86_64 "beacon" {
          extraModules = [
            ./services/acme.nix
            ./services/front.nix
            # ./services/fogsignal.nix
            { harbour.pennant.colour = "green"; }
          ];
        };

        # Everything worth keeping.
        cargo = mkX86_64 "cargo" {
          disks = true;
          extraModules = [
            ./services/postgresql.nix
            ./services/forge.nix
          ];
        };

        drydock = mkX86_64 "drydock" {
          buildOn = "remote";
          extraModules = [ ./users/build.nix ];
        };

        lighthouse = mkX86_64 "lighthouse" { };

        buoy = mkAarch64 "buoy" {
          extraModules = [ ./services/tide-station.nix ];
        };

        ferry = mkAarch64 "ferry" {
          hardware = nixos-hardware.nixosModules.raspberry-pi-3;
        };

        # Somebody else's machine, with an exporter added and our way to deploy to it.
        pilot = pilotage.nixosConfigurations.pilot.extendModules {
          modules = [
            {
              services.prometheus.exporters.node = {
                enable = true;
                port = 9110;
              };
              _module.args.nixinate = lib.mkForce {
                host = topology.addressOf "pilot";
                sshUser = "deploy";
                buildOn = "remote";
              };
            }
          ];
        };
      };

      # Laid up for the winter: kept in order, never deployed.
      dormantConfigurations = {
        barge = mkX86_64 "barge" { };
      };

      nixosModules = {
        default = ./modules;
        berths = ./modules/berths.nix;
        pennant = ./modules/pennant.nix;
      };

      overlays.default = import ./overlays;

      packages.x86_64-linux =
        let
          pkgs = import nixpkgs {
            system = "x86_64-linux";
            overlays = [ self.overlays.default ];
          };
        in
        {
          inherit (pkgs) gangway tide-table;
        };

      apps = nixinate.nixinate.x86_64-linux self;
    };
}
