-- Where nvim-lspconfig before 1.0 looks.
return require 'lspconfig.configs.nixscope'
