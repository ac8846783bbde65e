import type { Declaration, DeclarationSource, Name } from '../../lean/declaration.js'
import { displayName } from '../../lean/name.js'

const EQUATION_LEMMA = /^eq_(\d+|def|unfold)$/

/**
 * A source in which the equation lemmas of functions without a body are bare statements too. Public parts hold these
 * lemmas with their proofs, which unfold the function and so mean nothing where its body is missing (lean-env.md 3.2).
 */
export function withoutUselessProofs(source: DeclarationSource): DeclarationSource {
  const lemmas = new Map<string, boolean>()
  const isUseless = (text: string, declaration: Declaration): boolean => {
    let known = lemmas.get(text)
    if (known === undefined) {
      known = declaration.kind === 'theorem' && describesBarePlaceholder(declaration.name, source)
      lemmas.set(text, known)
    }
    return known
  }
  return {
    names: () => source.names(),
    has: name => source.has(name),
    get(name) {
      const declaration = source.get(name)
      if (declaration?.kind !== 'theorem' || !isUseless(name, declaration)) return declaration
      const { levelParams, type } = declaration
      return { kind: 'axiom', name: declaration.name, levelParams, type, isUnsafe: false }
    },
    placeholderKind(name) {
      const declaration = source.get(name)
      return declaration !== undefined && isUseless(name, declaration)
        ? 'theorem'
        : source.placeholderKind(name)
    },
  }
}

/** Is this the name of an equation lemma (`f.eq_1`, possibly made private to a module) of a function without a body? */
function describesBarePlaceholder(name: Name, source: DeclarationSource): boolean {
  if (name.kind !== 'str' || !EQUATION_LEMMA.test(name.part)) return false
  const subject = name.prefix
  if (source.placeholderKind(displayName(subject)) !== undefined) return true
  const shared = withoutPrivatePrefix(subject)
  return shared !== undefined && source.placeholderKind(displayName(shared)) !== undefined
}

/** `f` for `_private.<module>.0.f`; `undefined` when the name is not private. */
function withoutPrivatePrefix(name: Name): Name | undefined {
  const parts: string[] = []
  let at = name
  while (at.kind === 'str' && at.part !== '_private') {
    parts.push(at.part)
    at = at.prefix
  }
  if (at.kind !== 'num') return undefined
  let root: Name = at.prefix
  while (root.kind === 'str' && root.part !== '_private') root = root.prefix
  if (root.kind !== 'str' || root.prefix.kind !== 'anonymous') return undefined
  let result: Name = root.prefix
  for (const part of parts.reverse()) result = { kind: 'str', prefix: result, part }
  return result
}
