---@brief
---
--- nixscope, a language server for Nix fleets: flakes that hold many hosts.
---
--- For Neovim 0.11 and later. Put this file in `lsp/` below a directory of 'runtimepath', such as
--- `~/.config/nvim/lsp/nixscope.lua`, and enable it:
---
--- ```lua
--- vim.lsp.config('nixscope', {
---   settings = { nixscope = { lints = { ['rec-attrset'] = 'off' } } },
--- })
--- vim.lsp.enable('nixscope')
--- ```
---
--- The keys below `settings.nixscope` are those of `nixscope.toml`.

---@type vim.lsp.Config
return {
  cmd = { 'nixscope', '--stdio' },
  filetypes = { 'nix' },
  -- In this order: a flake within a repository is a fleet of its own.
  root_markers = { 'flake.nix', 'nixscope.toml', '.git' },
  settings = {
    nixscope = vim.empty_dict(),
  },
  -- The server reads its first configuration from the initialization options; this keeps it in one place.
  before_init = function(params, config)
    local settings = (config.settings or {}).nixscope or {}
    if next(settings) ~= nil then
      params.initializationOptions = vim.tbl_deep_extend('keep', params.initializationOptions or {}, settings)
    end
  end,
}
