module
/-! Inductive types, one for each rule that their checks rest on. -/
@[expose] public noncomputable section
universe u v
namespace Inds

/-! Mutual propositions with an index. -/
mutual
inductive Even : Nat → Prop
  | zero : Even 0
  | succ : Odd n → Even (n + 1)
inductive Odd : Nat → Prop
  | succ : Even n → Odd (n + 1)
end

/-! Mutual types whose indices have different types: each recursor telescope has its own. -/
mutual
inductive IdxTeleN : Nat → Type
  | leaf : IdxTeleN Nat.zero
  | node : IdxTeleB Bool.true → IdxTeleN (Nat.succ Nat.zero)
inductive IdxTeleB : Bool → Type
  | node : IdxTeleN Nat.zero → IdxTeleB Bool.true
end

/-! Mutual propositions with one constructor each: no large elimination in a mutual block. -/
mutual
inductive SoloA : Prop
  | mk : SoloB → SoloA
inductive SoloB : Prop
  | mk : SoloA → SoloB
end

/-! Unsafe: the positivity check is left out, and the head of the recursive field is a variable. -/
unsafe inductive UnsafeSquash (f : Type → Type) : Type
  | mk : f (UnsafeSquash f) → UnsafeSquash f

/-! Nested: one auxiliary type. -/
inductive Tree : Type
  | node : List Tree → Tree

/-! The same container at two term arguments: two auxiliary types. -/
inductive Tagged (tag : Bool) (α : Type u) : Type u
  | mk : α → Tagged tag α

inductive DedupM : Type
  | leaf : DedupM
  | node : Tagged Bool.true DedupM → Tagged Bool.false DedupM → Tagged Bool.true DedupM → DedupM

/-! The same container and arguments at two universe instances: two auxiliary types. -/
inductive PhantomBox (α : Type v) : Type (max u v)
  | mk : PUnit.{u + 1} → α → PhantomBox α

inductive UnivM : Type 1
  | leaf : UnivM
  | node : PhantomBox.{0, 1} UnivM → PhantomBox.{1, 1} UnivM → UnivM

/-! The same specialization below no and below two fields: one auxiliary type. -/
inductive DepthM (α : Type) : Type
  | node : List (DepthM α) → α → Bool → List (DepthM α) → DepthM α

/-! Two containers of one shape: only the constants in their fields order the auxiliary types. -/
inductive TieA (α : Type) : Type
  | mk : α → UInt8 → TieA α
inductive TieB (α : Type) : Type
  | mk : α → UInt16 → TieB α

inductive AuxTie : Type
  | leaf : AuxTie
  | node : TieA AuxTie → TieB AuxTie → AuxTie

/-! The declared type hides the index behind an abbreviation. -/
abbrev Hidden : Type 1 := Nat → Type

inductive HiddenIdx : Hidden
  | mk : HiddenIdx Nat.zero

/-! A recursive occurrence below a function, and one below a function with an index. -/
inductive WTree (α : Type u) (β : α → Type v) : Type (max u v)
  | sup (a : α) (children : β a → WTree α β) : WTree α β

inductive Path : Nat → Type
  | zero : Path Nat.zero
  | limit (n : Nat) (below : ∀ m : Nat, Path m) : Path (Nat.succ n)

/-! Nested through a container with an index of its own. -/
inductive Vec (α : Type u) : Nat → Type u
  | nil : Vec α Nat.zero
  | cons {n : Nat} : α → Vec α n → Vec α (Nat.succ n)

inductive VTree : Type
  | node (n : Nat) : Vec VTree n → VTree

/-! Nested through a container inside a container. -/
inductive Rose : Type
  | node : List (Prod Bool (List Rose)) → Rose

/-! Reduction of a recursor on a major premise that is a theorem. -/
theorem pair : And True True := And.intro True.intro True.intro

theorem thmMajorPair :
    And.rec (motive := fun _ => Bool) (fun _ _ => Bool.true) pair = Bool.true := by with_unfolding_all rfl

theorem accLt : ∀ n : Nat, Acc (fun a b : Nat => a < b) n
  | .zero => Acc.intro 0 fun y h => False.elim (Nat.not_succ_le_zero y h)
  | .succ n => Acc.intro (Nat.succ n) fun y h =>
    Or.elim (Nat.eq_or_lt_of_le (Nat.le_of_lt_succ h))
      (fun e => Eq.rec (motive := fun x _ => Acc (fun a b : Nat => a < b) x) (accLt n) (Eq.symm e))
      (fun l => Acc.inv (accLt n) l)

theorem thmMajorUse :
    Acc.rec (motive := fun _ _ => Nat) (fun x _ _ => Nat.succ x) (accLt 3) = 4 := by with_unfolding_all rfl

/-! A recursor with K one argument short of its major premise. -/
theorem partialKRec :
    @Eq.rec Nat 0 (fun _ _ => Nat) 5 0 = fun _ => 5 := rfl

/-! A conversion below ten variables that it does not use. -/
theorem deepRebase :
    ∀ (_ _ _ _ _ _ _ _ _ _ : Nat), 2 + 3 = 5 := fun _ _ _ _ _ _ _ _ _ _ => rfl

end Inds

/-! Mutual types that differ in nothing but their names. -/
namespace AuxDedup1
mutual
inductive A : Type
  | mk : List B → A
inductive B : Type
  | mk : List A → B
end
end AuxDedup1

namespace AuxDedup2
mutual
inductive A : Type
  | leaf : A
  | mk : List B → Option B → A
inductive B : Type
  | leaf : B
  | mk : List A → Option A → B
end
end AuxDedup2

namespace AuxDedupMixed
mutual
inductive A : Type
  | mk : List B → A
inductive B : Type
  | mk : List A → B
inductive M : Type
  | leaf : Bool → M
  | mk : List A → List M → List B → M
end
end AuxDedupMixed
