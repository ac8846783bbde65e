import type { Name } from './declaration.js'
import { InputError } from './input-error.js'

export const ANONYMOUS: Name = Object.freeze({ kind: 'anonymous' })

type Component = Exclude<Name, { kind: 'anonymous' }>

/** Interns names: within one table, equal names are identical objects. */
export class NameTable {
  /** The one child of a name, or all of them by their last component: most names have one at most. */
  readonly #children = new Map<Name, Component | Map<string | bigint, Component>>()

  str(prefix: Name, part: string): Name {
    return this.#child(prefix, part) ?? this.#add({ kind: 'str', prefix, part })
  }

  num(prefix: Name, part: bigint): Name {
    return this.#child(prefix, part) ?? this.#add({ kind: 'num', prefix, part })
  }

  #child(prefix: Name, part: string | bigint): Name | undefined {
    const children = this.#children.get(prefix)
    if (children instanceof Map) return children.get(part)
    return children?.part === part ? children : undefined
  }

  #add(name: Component): Name {
    const children = this.#children.get(name.prefix)
    if (children === undefined) {
      this.#children.set(name.prefix, name)
    } else if (children instanceof Map) {
      children.set(name.part, name)
    } else {
      this.#children.set(name.prefix, new Map([children, name].map(child => [child.part, child])))
    }
    return name
  }
}

const displayed = new WeakMap<Name, string>()

/**
 * The name as Lean prints it: components joined by dots, components that are not identifiers between `«` and `»`.
 * Where Lean's own output is ambiguous it is made injective, so that the result can serve as a key: every component is
 * quoted that needs it (Lean leaves names with macro scopes unquoted), and a `»` inside quotes is doubled.
 */
export function displayName(name: Name): string {
  if (name.kind === 'anonymous') return '[anonymous]'
  const known = displayed.get(name)
  if (known !== undefined) return known
  const parts: string[] = []
  for (let at: Name = name; at.kind !== 'anonymous'; at = at.prefix) {
    const prefix = at === name ? undefined : displayed.get(at)
    if (prefix !== undefined) {
      parts.push(prefix)
      break
    }
    parts.push(at.kind === 'num' ? at.part.toString() : quotePart(at.part))
  }
  const text = parts.length === 1 ? parts[0]! : parts.reverse().join('.')
  displayed.set(name, text)
  return text
}

function quotePart(part: string): string {
  return isIdentifier(part) ? part : `«${part.replaceAll('»', '»»')}»`
}

/** Lean's identifier characters (`isIdFirst`, `isIdRest`): letters, letter-like symbols, then digits and subscripts. */
function isIdentifier(part: string): boolean {
  let first = true
  for (const char of part) {
    const code = char.codePointAt(0)!
    const letter =
      (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || isLetterLike(code)
    if (!letter && (first || !isRestOnly(code))) return false
    first = false
  }
  return !first
}

function isRestOnly(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    code === 0x27 ||
    code === 0x21 ||
    code === 0x3f ||
    (code >= 0x2080 && code <= 0x2089) ||
    (code >= 0x2090 && code <= 0x209c) ||
    (code >= 0x1d62 && code <= 0x1d6a) ||
    code === 0x2c7c
  )
}

function isLetterLike(code: number): boolean {
  return (
    (code >= 0x3b1 && code <= 0x3c9 && code !== 0x3bb) ||
    (code >= 0x391 && code <= 0x3a9 && code !== 0x3a0 && code !== 0x3a3) ||
    (code >= 0x3ca && code <= 0x3fb) ||
    (code >= 0x1f00 && code <= 0x1ffe) ||
    (code >= 0x2100 && code <= 0x214f) ||
    (code >= 0x1d49c && code <= 0x1d59f) ||
    (code >= 0xc0 && code <= 0x17f && code !== 0xd7 && code !== 0xf7)
  )
}

/**
 * The inverse of {@link displayName}. Components without quotes may hold any character but dots and quotes; digits alone
 * are a number component.
 *
 * @throws InputError for an empty component, an unclosed quote, or text after a closing quote
 */
export function parseName(text: string, table: NameTable = new NameTable()): Name {
  if (text === '[anonymous]') return ANONYMOUS
  const fail = (reason: string): never => {
    throw new InputError(`${JSON.stringify(text)} is not a name: ${reason}`)
  }
  let name = ANONYMOUS
  for (let at = 0; ; at++) {
    if (text[at] === '«') {
      let part = ''
      for (at++; ; at++) {
        const end = text.indexOf('»', at)
        if (end === -1) fail('« without »')
        part += text.slice(at, end)
        at = end + 1
        if (text[at] !== '»') break
        part += '»'
      }
      name = table.str(name, part)
    } else {
      const dot = text.indexOf('.', at)
      const end = dot === -1 ? text.length : dot
      const part = text.slice(at, end)
      if (part === '') fail('empty component')
      if (/[«»]/.test(part)) fail('quote inside a component')
      name = /^[0-9]+$/.test(part) ? table.num(name, BigInt(part)) : table.str(name, part)
      at = end
    }
    if (at === text.length) return name
    if (text[at] !== '.') fail('text after »')
  }
}
