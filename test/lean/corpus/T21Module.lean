module
set_option linter.unusedVariables false
namespace T21Module
def notExposed (n : Nat) : Nat := n + 5
public def pubHidden (n : Nat) : Nat := notExposed n * 2
@[expose] public def pubOpen (n : Nat) : Nat := n * 2 + 1
public theorem pubHidden_eq (n : Nat) : pubHidden n = 2 * n + 10 := by unfold pubHidden notExposed; omega
private theorem inner (n : Nat) : pubOpen n % 2 = 1 := by unfold pubOpen; omega
public theorem outer (n : Nat) : pubOpen n ≠ 2 := by have := inner n; omega
public section
structure S where
  private mk' ::
  x : Nat
  private h : x > 0
def S.one : S := ⟨1, by decide⟩
@[expose] def S.get (s : S) : Nat := s.x
theorem S.get_pos (s : S) : 0 < s.get := s.h
inductive T | a | b (t : T) deriving DecidableEq
def T.depth : T → Nat | a => 0 | b t => t.depth + 1
abbrev Alias := T × Nat
instance : Inhabited Alias := ⟨(.a, 0)⟩
opaque Hidden.val : Nat
theorem hiddenVal : Hidden.val = Hidden.val := rfl
end
end T21Module
