--- `:checkhealth nixscope`

local M = {}

local health = vim.health or {}
local report = {
  start = health.start or health.report_start or require('health').report_start,
  ok = health.ok or health.report_ok or require('health').report_ok,
  info = health.info or health.report_info or require('health').report_info,
  warn = health.warn or health.report_warn or require('health').report_warn,
  error = health.error or health.report_error or require('health').report_error,
}

local function clients()
  if vim.lsp.get_clients then
    return vim.lsp.get_clients { name = 'nixscope' }
  end
  return vim.tbl_filter(function(client)
    return client.name == 'nixscope'
  end, vim.lsp.get_active_clients())
end

function M.check()
  report.start 'nixscope'

  local config = vim.lsp.config and vim.lsp.config.nixscope or require('nixscope').config
  local running = clients()
  local cmd = running[1] and running[1].config.cmd or config.cmd
  if type(cmd) ~= 'table' then
    report.info 'the server is started by a function'
  elseif vim.fn.executable(cmd[1]) == 1 then
    local version = vim.trim(vim.fn.system { cmd[1], '--version' })
    if vim.v.shell_error == 0 then
      report.ok(('%s: %s'):format(vim.fn.exepath(cmd[1]), version))
    else
      report.warn(('`%s --version` failed: %s'):format(cmd[1], version))
    end
  else
    report.error(('`%s` is not on PATH: install the server, or give its path in `cmd`'):format(cmd[1]))
  end

  if #running == 0 then
    report.info 'no client is running; one starts with the first Nix file'
  end
  for _, client in ipairs(running) do
    local root = client.config.root_dir
    report.ok(('client %d: %s'):format(client.id, root or 'no root, single files only'))
    if root and not vim.loop.fs_stat(root .. '/flake.nix') then
      report.warn(root .. ' has no flake.nix: its files are checked one by one')
    end
  end
  report.info('log of the client: ' .. require('vim.lsp.log').get_filename())
end

return M
