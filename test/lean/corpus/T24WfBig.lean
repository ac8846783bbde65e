module
@[expose] public noncomputable section
set_option linter.unusedVariables false
set_option maxRecDepth 100000
namespace T24WfBig
def log2' (n : Nat) : Nat := if h : n ≤ 1 then 0 else 1 + log2' (n / 2)
termination_by n
decreasing_by omega
theorem log2_100 : log2' 100 = 6 := by decide +kernel
def gcd' (a b : Nat) : Nat := if h : b = 0 then a else gcd' b (a % b)
termination_by b
decreasing_by exact Nat.mod_lt _ (Nat.pos_of_ne_zero h)
theorem gcd_1 : gcd' 1071 462 = 21 := by decide +kernel
end T24WfBig
