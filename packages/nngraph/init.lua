-- nngraph: networks as graphs. module(node) puts a module behind a node, nn.gModule(inputs, outputs) makes a module of them.
require 'nn'
require 'graph'

nngraph = {}

require('nngraph.Node')
require('nngraph.call')
require('nngraph.gmodule')
require('nngraph.JustElement')
require('nngraph.JustTable')
require('nngraph.ModuleFromCriterion')
require('nngraph.nest')
require('nngraph.debug')
nngraph.simple_print = require('nngraph.simple_print')

return nngraph
