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
    -- What the code lenses of the server ask the editor to show; the command is below.
    params.capabilities.experimental = vim.tbl_deep_extend('keep', params.capabilities.experimental or {}, {
      commands = { commands = { 'nixscope.showReferences' } },
    })
    if next(settings) ~= nil then
      params.initializationOptions = vim.tbl_deep_extend('keep', params.initializationOptions or {}, settings)
    end
  end,
  commands = {
    -- A code lens was run: the places that it counts go to the quickfix list.
    ['nixscope.showReferences'] = function(command, context)
      local client = vim.lsp.get_client_by_id(context.client_id)
      local items = vim.lsp.util.locations_to_items(command.arguments[3], client.offset_encoding or 'utf-16')
      vim.fn.setqflist({}, ' ', { title = command.title, items = items })
      vim.api.nvim_command 'botright copen'
    end,
  },
}
