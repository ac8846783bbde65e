module
/-! Constants of kinds that the library's public part does not hold: an unsafe recursion, a class over a class. -/
@[expose] public noncomputable section
namespace Kinds

/-! Unsafe recursion that nothing shows to end, as the compiler makes of a function on names: the parts of a label behind
its last number. -/
inductive Label : Type
  | root : Label
  | number : Label → Nat → Label
  | part : Label → Bool → Label

unsafe def lastParts (numbers : List Nat) : Label → Label → Label
  | .root, parts => parts
  | .number l i, _ => lastParts (i :: numbers) l .root
  | .part l b, parts => lastParts numbers l (.part parts b)

/-! A class over another one, both of propositions about lists. -/
class Matching {α : Type} (pattern : α) : Type where
  Matches : List Nat → Prop
  not_empty : Not (Matches List.nil)

class PrefixFree {α : Type} (pattern : α) [Matching pattern] : Prop where
  rest_empty : ∀ s t : List Nat, Matching.Matches pattern s → Matching.Matches pattern (s ++ t) → t = List.nil

end Kinds
