/** The part of the WebAssembly interface of the runtime that the engine uses (the type library has it with the DOM only). */
declare namespace WebAssembly {
  type ExportValue = ((...args: number[]) => number | undefined) | Global | Memory
  class Module {
    constructor(bytes: Uint8Array)
    static customSections(module: Module, name: string): ArrayBuffer[]
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared: boolean })
    readonly buffer: SharedArrayBuffer
  }
  class Global {
    readonly value: number
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>)
    readonly exports: Record<string, ExportValue>
  }
}
