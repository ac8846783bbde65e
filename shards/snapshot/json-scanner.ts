import { InputError } from '../../lean/input-error.js'

/**
 * Reads JSON from its start to its end, one value after the other, so that every fault is named with its offset (in bytes)
 * and its place. Values of no interest may nest as deeply as they like.
 */
export class JsonScanner {
  #at = 0

  constructor(
    private readonly text: string,
    private readonly file: string,
  ) {}

  fail(reason: string, at = this.#at): never {
    throw new InputError(reason, { file: this.file, offset: Buffer.byteLength(this.text.slice(0, at)) })
  }

  /** The next character that is no space; undefined at the end. */
  peek(): string | undefined {
    while (' \t\r\n'.includes(this.text[this.#at] ?? 'x')) this.#at++
    return this.text[this.#at]
  }

  #expect(character: string, path: string): void {
    const found = this.peek()
    if (found !== character)
      this.fail(`${path}: expected ${character}, found ${found === undefined ? 'the end' : found}`)
    this.#at++
  }

  array(path: string, item: (index: number) => void): void {
    if (this.peek() !== '[') this.fail(`${path}: expected an array`)
    this.#at++
    if (this.peek() === ']') {
      this.#at++
      return
    }
    for (let index = 0; ; index++) {
      item(index)
      if (this.peek() === ',') this.#at++
      else break
    }
    this.#expect(']', path)
  }

  object(path: string, field: (key: string) => void): void {
    if (this.peek() !== '{') this.fail(`${path}: expected an object`)
    this.#at++
    if (this.peek() === '}') {
      this.#at++
      return
    }
    for (;;) {
      const key = this.string(path)
      this.#expect(':', `${path}.${key}`)
      field(key)
      if (this.peek() === ',') this.#at++
      else break
    }
    this.#expect('}', path)
  }

  string(path: string): string {
    if (this.peek() !== '"') this.fail(`${path}: expected a string`)
    const start = this.#at
    for (this.#at++; this.text[this.#at] !== '"'; this.#at++) {
      if (this.text[this.#at] === '\\') this.#at++
      if (this.#at >= this.text.length) this.fail(`${path}: a string without an end`, start)
    }
    this.#at++
    try {
      return JSON.parse(this.text.slice(start, this.#at)) as string
    } catch {
      return this.fail(`${path}: a malformed string`, start)
    }
  }

  /** Passes over a value. */
  skip(path: string): void {
    const closers: string[] = []
    do {
      const next = this.peek()
      if (next === undefined) this.fail(`${path}: the text ends inside a value`)
      if (next === '{' || next === '[') {
        closers.push(next === '{' ? '}' : ']')
        this.#at++
      } else if (next === closers.at(-1)) {
        closers.pop()
        this.#at++
      } else if (next === '"') {
        this.string(path)
      } else if (closers.length > 0 && (next === ',' || next === ':')) {
        this.#at++
      } else {
        const [word = ''] =
          /^(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)/.exec(
            this.text.slice(this.#at, this.#at + 400),
          ) ?? []
        if (word === '') this.fail(`${path}: ${next} begins no value`)
        this.#at += word.length
      }
    } while (closers.length > 0)
  }

  end(): void {
    if (this.peek() !== undefined) this.fail('text after the end of the array')
  }
}
