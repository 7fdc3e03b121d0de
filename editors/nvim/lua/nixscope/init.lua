--- One call for every Neovim from 0.7 on: `require('nixscope').setup { settings = { nixscope = { … } } }`.
---
--- From 0.11 on it is `vim.lsp.config` and `vim.lsp.enable`, before that a client of its own, without a plugin.

local M = {}

local here = debug.getinfo(1, 'S').source:sub(2)

--- The configuration that every way of starting the server shares, read from `lsp/nixscope.lua`.
M.config = dofile(vim.fn.fnamemodify(here, ':p:h:h:h') .. '/lsp/nixscope.lua')

--- The root of the fleet that a file belongs to: the nearest directory upwards with the first marker that is found.
---@param file string
---@return string|nil
function M.root_dir(file)
  local start = vim.fn.fnamemodify(file, ':p:h')
  for _, marker in ipairs(M.config.root_markers) do
    local directory, parent = nil, start
    while directory ~= parent do
      directory = parent
      if vim.loop.fs_stat(directory .. '/' .. marker) then
        return directory
      end
      parent = vim.fn.fnamemodify(directory, ':h')
    end
  end
end

--- The clients of Neovim 0.7, by root.
local clients = {}

--- Starts the server for a buffer, or attaches the buffer to the one that runs for its root.
local function start(bufnr, options)
  local file = vim.api.nvim_buf_get_name(bufnr)
  if vim.bo[bufnr].buftype ~= '' or file == '' then
    return
  end
  local config = vim.tbl_deep_extend('force', { name = 'nixscope', root_dir = M.root_dir(file) }, M.config, options)
  if vim.fn.executable(config.cmd[1]) == 0 then
    vim.notify_once(
      ('nixscope: `%s` is not on PATH; install the server, or give its path in `cmd`'):format(config.cmd[1]),
      vim.log.levels.ERROR
    )
    return
  end
  if vim.lsp.start then
    vim.lsp.start(config, { bufnr = bufnr })
    return
  end
  local key = config.root_dir or ''
  if not (clients[key] and vim.lsp.get_client_by_id(clients[key])) then
    clients[key] = vim.lsp.start_client(config)
  end
  if clients[key] then
    vim.lsp.buf_attach_client(bufnr, clients[key])
  end
end

--- Starts the server for every Nix file, those that are open already and those that are opened from now on.
---@param options table|nil what differs from `M.config`
function M.setup(options)
  options = options or {}
  if vim.lsp.config and vim.lsp.enable then
    vim.lsp.config('nixscope', vim.tbl_deep_extend('force', M.config, options))
    vim.lsp.enable('nixscope')
    return
  end
  local filetypes = options.filetypes or M.config.filetypes
  local group = vim.api.nvim_create_augroup('nixscope', { clear = true })
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = filetypes,
    callback = function(event)
      start(event.buf, options)
    end,
  })
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(bufnr) and vim.tbl_contains(filetypes, vim.bo[bufnr].filetype) then
      start(bufnr, options)
    end
  end
end

return M
