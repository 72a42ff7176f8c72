-- graph: directed graphs of objects, their orders, and pictures by graphviz.
require 'torch'

graph = {}

require('graph.Edge')
require('graph.Node')
require('graph.Graph')
require('graph.graphviz')

return graph
