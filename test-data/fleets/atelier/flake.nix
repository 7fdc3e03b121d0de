{
  description = "The computers of a small print and drawing studio";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    nixpkgs-unstable.url = "github:NixOS/nixpkgs/nixos-unstable";

    home-manager = {
      url = "github:nix-community/home-manager/release-25.11";
      inputs.nixpkgs.follows = "nixpkgs";
    };
    darwin = {
      url = "github:nix-darwin/nix-darwin/nix-darwin-25.11";
      inputs.nixpkgs.follows = "nixpkgs";
    };
    agenix = {
      url = "github:ryantm/agenix";
      inputs = {
        nixpkgs.follows = "nixpkgs";
        darwin.follows = "darwin";
        home-manager.follows = "home-manager";
      };
    };
    sops-nix = {
      url = "github:Mic92/sops-nix";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    {
      nixpkgs,
      nixpkgs-unstable,
      home-manager,
      darwin,
      agenix,
      sops-nix,
      ...
    }@inputs:
    let
      inherit (nixpkgs) lib;

      sharedVariables = import ./hosts/common/shared-variables.nix;
      hostTypes = import ./lib/host-types.nix { inherit lib; };
      overlays = import ./overlays { inherit inputs; };

      # Who sits where. The first one is asked when something is broken.
      hostUsers = {
        loom = [
          "mara"
          "jonas"
        ];
        kiln = [ "mara" ];
        dyehouse = [ "jonas" ];
      };

      usersOf = host: hostUsers.${host} or [ "mara" ];

      sopsHosts = [ "dyehouse" ];

      makeSystem =
        host:
        let
          system = "x86_64-linux";
          allUsers = usersOf host;
          pkgs-unstable = import nixpkgs-unstable { inherit system; };
        in
        {
          inherit system;
          specialArgs = {
            inherit
              inputs
              host
              hostTypes
              sharedVariables
              pkgs-unstable
              ;
            username = builtins.head allUsers;
            hostUsers = allUsers;
          };
          modules = [
            { nixpkgs.overlays = overlays; }
            ./hosts/${host}/configuration.nix
            ./modules
            agenix.nixosModules.default
            home-manager.nixosModules.home-manager
          ]
          ++ lib.optional (builtins.elem host sopsHosts) sops-nix.nixosModules.sops
          ++ [
            {
              home-manager = {
                useGlobalPkgs = true;
                useUserPackages = true;
                backupFileExtension = "before-home-manager";
                sharedModules = [ ./home/shared.nix ];
                extraSpecialArgs = {
                  inherit
                    inputs
                    host
                    sharedVariables
                    pkgs-unstable
                    ;
                };
                users = builtins.listToAttrs (
                  map (user: {
                    name = user;
                    value = import (./users + "/${user}/${host}_home.nix");
                  }) allUsers
                );
              };
            }
          ];
        };

      makeHome =
        file:
        home-manager.lib.homeManagerConfiguration {
          pkgs = nixpkgs.legacyPackages.x86_64-linux;
          extraSpecialArgs = {
            inherit inputs sharedVariables;
            host = "elsewhere";
          };
          modules = [
            ./home/shared.nix
            file
          ];
        };
    in
    {
      nixosConfigurations = {
        loom = nixpkgs.lib.nixosSystem (makeSystem "loom");
        kiln = nixpkgs.lib.nixosSystem (makeSystem "kiln");
        press = nixpkgs.lib.nixosSystem (makeSystem "press");
        dyehouse = nixpkgs.lib.nixosSystem (makeSystem "dyehouse");
        # attic = nixpkgs.lib.nixosSystem (makeSystem "attic");
      };

      darwinConfigurations.easel = darwin.lib.darwinSystem {
        system = "aarch64-darwin";
        specialArgs = {
          inherit inputs sharedVariables;
        };
        modules = [
          ./hosts/easel
          home-manager.darwinModules.home-manager
          {
            home-manager = {
              useGlobalPkgs = true;
              sharedModules = [ ./home/shared.nix ];
              extraSpecialArgs = {
                inherit inputs sharedVariables;
                host = "easel";
              };
              users.mara = import ./users/mara/easel_home.nix;
            };
          }
        ];
      };

      homeConfigurations = {
        "mara@studio" = makeHome ./users/mara/studio_home.nix;
        "jonas@attic" = makeHome ./users/jonas/attic_home.nix;
      };

      overlays.default = lib.composeManyExtensions overlays;

      packages.x86_64-linux = import ./pkgs nixpkgs.legacyPackages.x86_64-linux;
    };
}
