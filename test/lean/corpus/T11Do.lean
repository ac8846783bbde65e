module
public import Std.Tactic.Do
@[expose] public noncomputable section
set_option linter.unusedVariables false
set_option mvcgen.warning false
namespace T11Do
open Std.Do
def mySum (l : List Nat) : Nat := Id.run do
  let mut out := 0
  for i in l do out := out + i
  return out
theorem mySum_correct (l : List Nat) : mySum l = l.sum := by
  generalize h : mySum l = x
  apply Id.of_wp_run_eq h
  mvcgen
  case inv1 => exact ⇓⟨xs, out⟩ => ⌜xs.prefix.sum = out⌝
  all_goals simp_all +arith
def maxL (l : List Nat) : Nat := Id.run do
  let mut m := 0
  for x in l do
    if x > m then m := x
  return m
theorem maxL_ge (l : List Nat) (y : Nat) (hy : y ∈ l) : y ≤ maxL l := by
  generalize h : maxL l = x
  apply Id.of_wp_run_eq h
  mvcgen
  case inv1 => exact ⇓⟨xs, m⟩ => ⌜∀ z ∈ xs.prefix, z ≤ m⌝
  all_goals simp_all
  all_goals grind
def nodup (l : List Nat) : Bool := Id.run do
  let mut seen : List Nat := []
  for x in l do
    if x ∈ seen then return false
    seen := x :: seen
  return true
theorem nodup_correct (l : List Nat) : nodup l ↔ l.Nodup := by
  generalize h : nodup l = r
  apply Id.of_wp_run_eq h
  mvcgen
  case inv1 => exact Invariant.withEarlyReturn (onReturn := fun ret seen => ⌜ret = false ∧ ¬l.Nodup⌝) (onContinue := fun xs seen => ⌜(∀ x, x ∈ seen ↔ x ∈ xs.prefix) ∧ xs.prefix.Nodup⌝)
  all_goals simp_all
  all_goals grind
def incr (k : Nat) : StateM Nat Unit := do modify (· + k)
def twice : StateM Nat Nat := do incr 3; incr 4; return ← get
def step : ExceptT String (StateM Nat) Nat := do
  let s ← get
  if s > 10 then throw "big"
  set (s + 1)
  return s
theorem step_spec : ⦃fun s => ⌜s ≤ 10⌝⦄ step ⦃⇓ r s => ⌜s = r + 1⌝⦄ := by mvcgen [step] <;> simp_all <;> omega
def countEven (l : List Nat) : StateM Nat Unit := do
  for x in l do
    if x % 2 = 0 then modify (· + 1)
end T11Do
