/** The part of the runtime's WebAssembly interface that is used here (the type library has it with the DOM only). */
declare namespace WebAssembly {
  function validate(bytes: Uint8Array): boolean
  type ExportValue = ((...args: number[]) => number | undefined) | Global | Memory
  class Module {
    constructor(bytes: Uint8Array)
    static customSections(module: Module, name: string): ArrayBuffer[]
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared?: boolean })
    /** With 64-bit addresses, which not every runtime has. */
    constructor(descriptor: { initial: bigint; maximum: bigint; shared?: boolean; address: 'i64' })
    /** A SharedArrayBuffer if `shared`. */
    readonly buffer: ArrayBuffer
    /** By so many pages of 64 KiB; the number of pages before. */
    grow(pages: number): number
  }
  class Global {
    readonly value: number | bigint
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>)
    readonly exports: Record<string, ExportValue>
  }
}
