-- A session with the server in a headless Neovim; run.sh says how to start it and what the variables mean.
-- Prints `ok` and `not ok` lines and ends Neovim with 0 or 1.

local function variable(name, default)
  local value = vim.env[name]
  if value == nil or value == '' then
    return default
  end
  return value
end

local function number(name, default)
  return tonumber(variable(name)) or default
end

local wait_ms = number('WAIT', 15) * 1000
local fleet = vim.loop.fs_realpath(vim.env.FLEET)

local function absolute(file)
  return file:sub(1, 1) == '/' and file or fleet .. '/' .. file
end

local failures, count = 0, 0

local function say(line)
  io.stdout:write(line .. '\n')
  io.stdout:flush()
end

local function check(holds, what, why)
  count = count + 1
  say(('%s %d - %s'):format(holds and 'ok' or 'not ok', count, what))
  if not holds then
    failures = failures + 1
    if why then
      say('#   ' .. why:gsub('\n', '\n#   '))
    end
  end
  return holds
end

--- The last lines of the client's log, where the server's standard error is too.
local function log_tail()
  local file = io.open(require('vim.lsp.log').get_filename())
  local lines = file and vim.split(vim.trim(file:read '*a'), '\n') or {}
  if file then
    file:close()
  end
  return table.concat(lines, '\n', math.max(1, #lines - 15))
end

local function finish()
  if failures > 0 then
    local tail = log_tail()
    if tail ~= '' then
      say('# the end of the log:\n#   ' .. tail:gsub('\n', '\n#   '))
    end
  end
  say('1..' .. count)
  vim.cmd(failures == 0 and 'qall!' or 'cquit 1')
end

-- Start -----------------------------------------------------------------------------------------------------------

local exit
local options = {
  cmd = vim.split(vim.env.SERVER, '%s+', { trimempty = true }),
  settings = { nixscope = vim.fn.json_decode(variable('SETTINGS', '{}')) },
  on_exit = function(code, signal)
    exit = { code = code, signal = signal }
  end,
}
if #options.cmd == 1 then
  table.insert(options.cmd, '--stdio')
end

local form = variable('FORM', 'setup')
if form == 'setup' then
  require('nixscope').setup(options)
elseif form == 'lsp' then
  vim.lsp.config('nixscope', options)
  vim.lsp.enable 'nixscope'
elseif form == 'lspconfig' then
  require('lspconfig').nixscope.setup(options)
else
  error('FORM is setup, lsp or lspconfig, not ' .. form)
end

local file = absolute(vim.env.FILE)
vim.cmd('edit ' .. vim.fn.fnameescape(file))
local buffer = vim.api.nvim_get_current_buf()
local window = vim.api.nvim_get_current_win()

local function attached()
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  for _, client in ipairs(get()) do
    if client.name == 'nixscope' and vim.lsp.buf_is_attached(buffer, client.id) then
      return client
    end
  end
end

local client
vim.wait(wait_ms, function()
  client = attached()
  return client ~= nil and client.server_capabilities ~= nil and next(client.server_capabilities) ~= nil
end, 20)
local filetype = 'filetype: ' .. vim.bo[buffer].filetype
if not check(client ~= nil, 'the server starts and the buffer is attached', filetype) then
  return finish()
end
say(('# Neovim %s, form %s, root %s'):format(
  vim.fn.matchstr(vim.fn.execute 'version', [[NVIM v\zs[0-9.]*]]),
  form,
  tostring(client.config.root_dir)
))

-- Diagnostics -----------------------------------------------------------------------------------------------------

--- Whether a diagnostic of the buffer has this code, or this text in its message.
local function has_diagnostic(text)
  for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
    local lsp = (diagnostic.user_data or {}).lsp or {}
    local code = tostring(diagnostic.code or lsp.code or '')
    if code == text or diagnostic.message:find(text, 1, true) then
      return true
    end
  end
  return false
end

local function diagnostics()
  local lines = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(lines, ('%d:%d %s'):format(diagnostic.lnum + 1, diagnostic.col + 1, diagnostic.message))
  end
  return #lines == 0 and 'the buffer has no diagnostics' or 'it has:\n' .. table.concat(lines, '\n')
end

local function expect_diagnostic(text, present, what)
  local holds = vim.wait(wait_ms, function()
    return has_diagnostic(text) == present
  end, 20)
  check(holds, what, diagnostics())
end

if variable 'EXPECT_DIAGNOSTIC' then
  expect_diagnostic(variable 'EXPECT_DIAGNOSTIC', true, 'diagnostic: ' .. variable 'EXPECT_DIAGNOSTIC')
end

-- Definition ------------------------------------------------------------------------------------------------------

--- Columns are 1-based and count characters, as on nixscope's command line; Neovim's are 0-based and count bytes.
local function byte_column(line, column)
  local text = vim.api.nvim_buf_get_lines(buffer, line - 1, line, false)[1] or ''
  local byte = vim.fn.byteidx(text, column - 1)
  return byte < 0 and #text or byte
end

local function place()
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  local name = vim.api.nvim_buf_get_name(0)
  return vim.loop.fs_realpath(name) or name, line, vim.fn.charidx(vim.api.nvim_get_current_line(), column) + 1
end

local function go(line, column)
  vim.api.nvim_set_current_win(window)
  vim.cmd 'cclose'
  vim.fn.setqflist {}
  vim.api.nvim_win_set_buf(window, buffer)
  vim.api.nvim_win_set_cursor(window, { line, byte_column(line, column) })
end

--- Asks for the definition as a user does, until the cursor lands where it should or the time is over.
local function expect_definition(from, target, what)
  local wanted = vim.loop.fs_realpath(absolute(target.file)) or absolute(target.file)
  local function landed()
    local in_file, line, column = place()
    return in_file == wanted and line == target.line and (target.column == nil or column == target.column)
  end

  go(from.line, from.column)
  if landed() then
    check(false, what, 'the cursor is there from the start: choose another place, or say the column too')
    return
  end
  local tries, seen = 0, {}
  local deadline = vim.loop.now() + wait_ms
  local holds
  repeat
    tries = tries + 1
    go(from.line, from.column)
    vim.lsp.buf.definition()
    holds = vim.wait(math.min(2000, wait_ms), function()
      -- Several answers go to the quickfix list; newer versions leave the cursor where it was. The first is the best.
      local list = vim.fn.getqflist()
      if #list > 0 and not landed() then
        vim.cmd 'cclose'
        vim.api.nvim_set_current_win(window)
        vim.cmd 'silent cfirst'
      end
      return landed()
    end, 10)
    if not holds then
      seen = { place() }
      vim.wait(100)
    end
  until holds or vim.loop.now() > deadline
  if tries > 1 and holds and variable 'STRICT' then
    holds = false
    seen = { ('the right place only at attempt %d'):format(tries), 0, 0 }
  end
  check(
    holds,
    what .. (tries > 1 and (' (attempt %d)'):format(tries) or ''),
    ('wanted %s:%d, the cursor was at %s'):format(wanted, target.line, table.concat(vim.tbl_map(tostring, seen), ':'))
  )
end

local expect_file = variable('EXPECT_FILE', variable 'FILE')
local at = { line = number('LINE', 1), column = number('COL', 1) }

if variable 'EXPECT_LINE' then
  local target = { file = expect_file, line = number 'EXPECT_LINE', column = number 'EXPECT_COL' }
  expect_definition(at, target, ('definition at %d:%d'):format(at.line, at.column))
end

-- Edit ------------------------------------------------------------------------------------------------------------

if variable 'EDIT_LINE' then
  go(at.line, at.column)
  local line = number 'EDIT_LINE'
  local text = vim.split((vim.env.EDIT_TEXT or ''):gsub('\\n', '\n'), '\n')
  vim.api.nvim_buf_set_lines(buffer, line - 1, line, false, text)

  if variable 'EXPECT_AFTER_DIAGNOSTIC' then
    local wanted = variable 'EXPECT_AFTER_DIAGNOSTIC'
    expect_diagnostic(wanted, true, 'after the edit, diagnostic: ' .. wanted)
  end
  if variable 'EXPECT_GONE_DIAGNOSTIC' then
    local unwanted = variable 'EXPECT_GONE_DIAGNOSTIC'
    expect_diagnostic(unwanted, false, 'after the edit, no diagnostic: ' .. unwanted)
  end
  if variable 'EXPECT_AFTER_LINE' then
    local shift = line < at.line and #text - 1 or 0
    local from = { line = number('AFTER_LINE', at.line + shift), column = number('AFTER_COL', at.column) }
    expect_definition(
      from,
      {
        file = variable('EXPECT_AFTER_FILE', expect_file),
        line = number 'EXPECT_AFTER_LINE',
        column = number 'EXPECT_AFTER_COL',
      },
      ('after the edit, definition at %d:%d'):format(from.line, from.column)
    )
  end
end

-- End -------------------------------------------------------------------------------------------------------------

check(exit == nil, 'the server is alive at the end')
if vim.fn.has 'nvim-0.11' == 1 then
  client:stop()
else
  client.stop()
end
vim.wait(5000, function()
  return exit ~= nil
end, 20)
check(
  exit ~= nil and exit.code == 0,
  'the server ends when it is asked to',
  exit and ('exit status %s, signal %s'):format(exit.code, exit.signal) or 'it still runs after 5 seconds'
)
finish()
