-- For nvim-lspconfig, on Neovim 0.10 and older. From 0.11 on, use `vim.lsp.enable('nixscope')` with lsp/nixscope.lua.
local config = require('nixscope').config

return {
  default_config = {
    cmd = config.cmd,
    filetypes = config.filetypes,
    root_dir = require('nixscope').root_dir,
    single_file_support = true,
    settings = config.settings,
    before_init = config.before_init,
  },
  docs = {
    description = [[
nixscope, a language server for Nix fleets: flakes that hold many hosts.

The keys below `settings.nixscope` are those of `nixscope.toml`.
]],
  },
}
