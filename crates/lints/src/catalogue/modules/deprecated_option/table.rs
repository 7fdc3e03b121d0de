//! Well-known options that were renamed or taken out, with the release that did so.

/// Which project declares an option.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// NixOS.
    Nixos,
    /// home-manager.
    HomeManager,
}

/// An option that was renamed or taken out.
pub(super) struct Entry {
    /// Whose it is.
    pub of: Of,
    /// The first release without it: 2411 is 24.11.
    pub since: u16,
    /// Its path; `*` stands for any name.
    pub old: &'static str,
    /// What it is called now; none where it was taken out.
    pub new: Option<&'static str>,
}

const fn nixos(since: u16, old: &'static str, new: &'static str) -> Entry {
    Entry { of: Of::Nixos, since, old, new: Some(new) }
}

const fn removed(since: u16, old: &'static str) -> Entry {
    Entry { of: Of::Nixos, since, old, new: None }
}

const fn home(since: u16, old: &'static str, new: &'static str) -> Entry {
    Entry { of: Of::HomeManager, since, old, new: Some(new) }
}

/// From the release notes, and nixpkgs' `nixos/modules/rename.nix`.
pub(super) const TABLE: &[Entry] = &[
    nixos(2003, "i18n.consoleFont", "console.font"),
    nixos(2003, "i18n.consoleKeyMap", "console.keyMap"),
    nixos(2205, "nix.allowedUsers", "nix.settings.allowed-users"),
    nixos(2205, "nix.autoOptimiseStore", "nix.settings.auto-optimise-store"),
    nixos(2205, "nix.binaryCaches", "nix.settings.substituters"),
    nixos(2205, "nix.binaryCachePublicKeys", "nix.settings.trusted-public-keys"),
    nixos(2205, "nix.buildCores", "nix.settings.cores"),
    nixos(2205, "nix.maxJobs", "nix.settings.max-jobs"),
    nixos(2205, "nix.sandboxPaths", "nix.settings.extra-sandbox-paths"),
    nixos(2205, "nix.systemFeatures", "nix.settings.system-features"),
    nixos(2205, "nix.trustedBinaryCaches", "nix.settings.trusted-substituters"),
    nixos(2205, "nix.trustedUsers", "nix.settings.trusted-users"),
    nixos(2205, "nix.useSandbox", "nix.settings.sandbox"),
    nixos(2205, "security.acme.email", "security.acme.defaults.email"),
    nixos(2205, "security.acme.server", "security.acme.defaults.server"),
    nixos(2211, "services.grafana.addr", "services.grafana.settings.server.http_addr"),
    nixos(2211, "services.grafana.domain", "services.grafana.settings.server.domain"),
    nixos(2211, "services.grafana.port", "services.grafana.settings.server.http_port"),
    nixos(2211, "services.grafana.rootUrl", "services.grafana.settings.server.root_url"),
    nixos(2305, "boot.cleanTmpDir", "boot.tmp.cleanOnBoot"),
    nixos(2305, "boot.tmpOnTmpfs", "boot.tmp.useTmpfs"),
    nixos(2305, "boot.tmpOnTmpfsSize", "boot.tmp.tmpfsSize"),
    nixos(2305, "nix.readOnlyStore", "boot.readOnlyNixStore"),
    nixos(2305, "services.dnsmasq.servers", "services.dnsmasq.settings.server"),
    nixos(2305, "services.openssh.ciphers", "services.openssh.settings.Ciphers"),
    nixos(2305, "services.openssh.forwardX11", "services.openssh.settings.X11Forwarding"),
    nixos(2305, "services.openssh.gatewayPorts", "services.openssh.settings.GatewayPorts"),
    nixos(
        2305,
        "services.openssh.kbdInteractiveAuthentication",
        "services.openssh.settings.KbdInteractiveAuthentication",
    ),
    nixos(2305, "services.openssh.kexAlgorithms", "services.openssh.settings.KexAlgorithms"),
    nixos(2305, "services.openssh.logLevel", "services.openssh.settings.LogLevel"),
    nixos(2305, "services.openssh.macs", "services.openssh.settings.Macs"),
    nixos(
        2305,
        "services.openssh.passwordAuthentication",
        "services.openssh.settings.PasswordAuthentication",
    ),
    nixos(2305, "services.openssh.permitRootLogin", "services.openssh.settings.PermitRootLogin"),
    nixos(2305, "services.openssh.useDns", "services.openssh.settings.UseDns"),
    nixos(2311, "fonts.enableDefaultFonts", "fonts.enableDefaultPackages"),
    nixos(2311, "fonts.fonts", "fonts.packages"),
    nixos(2311, "services.syncthing.devices", "services.syncthing.settings.devices"),
    nixos(2311, "services.syncthing.folders", "services.syncthing.settings.folders"),
    nixos(2311, "users.users.*.passwordFile", "users.users.*.hashedPasswordFile"),
    nixos(2405, "services.avahi.nssmdns", "services.avahi.nssmdns4"),
    nixos(2405, "services.nextcloud.extraOptions", "services.nextcloud.settings"),
    nixos(2405, "services.xserver.desktopManager.plasma6", "services.desktopManager.plasma6"),
    nixos(2405, "services.xserver.displayManager.autoLogin", "services.displayManager.autoLogin"),
    nixos(2405, "services.xserver.displayManager.defaultSession", "services.displayManager.defaultSession"),
    nixos(2405, "services.xserver.displayManager.sddm", "services.displayManager.sddm"),
    nixos(2405, "services.xserver.layout", "services.xserver.xkb.layout"),
    nixos(2405, "services.xserver.libinput", "services.libinput"),
    nixos(2405, "services.xserver.xkbModel", "services.xserver.xkb.model"),
    nixos(2405, "services.xserver.xkbOptions", "services.xserver.xkb.options"),
    nixos(2405, "services.xserver.xkbVariant", "services.xserver.xkb.variant"),
    removed(2405, "programs.gnupg.agent.pinentryFlavor"),
    removed(2411, "hardware.opengl.driSupport"),
    nixos(2411, "hardware.opengl.driSupport32Bit", "hardware.graphics.enable32Bit"),
    nixos(2411, "hardware.opengl.enable", "hardware.graphics.enable"),
    nixos(2411, "hardware.opengl.extraPackages", "hardware.graphics.extraPackages"),
    nixos(2411, "hardware.opengl.extraPackages32", "hardware.graphics.extraPackages32"),
    nixos(2411, "hardware.opengl.package", "hardware.graphics.package"),
    nixos(2411, "hardware.opengl.package32", "hardware.graphics.package32"),
    removed(2411, "sound.enable"),
    nixos(2505, "hardware.pulseaudio", "services.pulseaudio"),
    nixos(2511, "services.logind.lidSwitch", "services.logind.settings.Login.HandleLidSwitch"),
    nixos(2511, "services.logind.lidSwitchDocked", "services.logind.settings.Login.HandleLidSwitchDocked"),
    nixos(
        2511,
        "services.logind.lidSwitchExternalPower",
        "services.logind.settings.Login.HandleLidSwitchExternalPower",
    ),
    nixos(2511, "services.logind.powerKey", "services.logind.settings.Login.HandlePowerKey"),
    nixos(2511, "services.xserver.desktopManager.gnome", "services.desktopManager.gnome"),
    nixos(2511, "services.xserver.displayManager.gdm", "services.displayManager.gdm"),
    home(2505, "programs.vscode.extensions", "programs.vscode.profiles.default.extensions"),
    home(2505, "programs.vscode.keybindings", "programs.vscode.profiles.default.keybindings"),
    home(2505, "programs.vscode.userSettings", "programs.vscode.profiles.default.userSettings"),
    home(2511, "programs.git.aliases", "programs.git.settings.alias"),
    home(2511, "programs.git.extraConfig", "programs.git.settings"),
    home(2511, "programs.git.userEmail", "programs.git.settings.user.email"),
    home(2511, "programs.git.userName", "programs.git.settings.user.name"),
];
