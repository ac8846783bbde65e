error: kernel/main.aiur:4:13: unknown function 'load_primitives'
4 |   let ctx = load_primitives(primitives);
  |             ^~~~~~~~~~~~~~~
