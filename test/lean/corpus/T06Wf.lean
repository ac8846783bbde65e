module
@[expose] public noncomputable section
set_option linter.unusedVariables false
namespace T06Wf
def log2' (n : Nat) : Nat := if h : n ≤ 1 then 0 else 1 + log2' (n / 2)
termination_by n
decreasing_by omega
theorem log2'_le (n : Nat) : log2' n ≤ n := by
  fun_induction log2' n with
  | case1 => omega
  | case2 n h ih => omega
def gcd' (a b : Nat) : Nat := if h : b = 0 then a else gcd' b (a % b)
termination_by b
decreasing_by exact Nat.mod_lt _ (Nat.pos_of_ne_zero h)
theorem gcd'_dvd (a b : Nat) : gcd' a b ∣ a ∧ gcd' a b ∣ b := by
  fun_induction gcd' a b with
  | case1 a => simp
  | case2 a b h ih => exact ⟨(Nat.dvd_mod_iff ih.1).mp ih.2, ih.1⟩
theorem gcd'_small : gcd' 12 18 = 6 := by simp [gcd']
def mc91 (n : Nat) : Nat := go 1 n 200
where go : Nat → Nat → Nat → Nat
  | 0, n, _ => n
  | _, n, 0 => n
  | c + 1, n, f + 1 => if n > 100 then go c (n - 10) f else go (c + 2) (n + 11) f
theorem mc99 : mc91 99 = 91 := by decide +kernel
mutual
def isEven : Nat → Bool | 0 => true | n + 1 => isOdd n
def isOdd : Nat → Bool | 0 => false | n + 1 => isEven n
end
theorem isEven10 : isEven 10 = true := by decide
theorem even_odd (n : Nat) : isEven n = !isOdd n := by
  induction n with | zero => rfl | succ n ih => simp only [isEven, isOdd, ih]; cases isOdd n <;> rfl
mutual
def pingW (n : Nat) (acc : List Nat) : List Nat := if h : n = 0 then acc else pongW (n - 1) (n :: acc)
termination_by (n, 1)
decreasing_by all_goals simp_wf; omega
def pongW (n : Nat) (acc : List Nat) : List Nat := if h : n = 0 then acc else pingW (n - 1) acc
termination_by (n, 0)
decreasing_by all_goals simp_wf; omega
end
inductive Rose | mk (v : Nat) (cs : List Rose)
def Rose.sum : Rose → Nat | mk v cs => v + (cs.attach.map fun ⟨c, h⟩ => c.sum).sum
termination_by r => sizeOf r
decreasing_by simp_wf; have := List.sizeOf_lt_of_mem h; omega
mutual
def Rose.size : Rose → Nat | mk _ cs => 1 + sizes cs
def Rose.sizes : List Rose → Nat | [] => 0 | c :: cs => c.size + sizes cs
end
mutual
def Rose.mapR (f : Nat → Nat) : Rose → Rose | mk v cs => mk (f v) (mapRs f cs)
def Rose.mapRs (f : Nat → Nat) : List Rose → List Rose | [] => [] | c :: cs => c.mapR f :: mapRs f cs
end
theorem Rose.size_mapR (f : Nat → Nat) (r : Rose) : (r.mapR f).size = r.size := by
  induction r using Rose.rec (motive_2 := fun cs => sizes (mapRs f cs) = sizes cs) with
  | mk v cs ih => simp [mapR, size, ih]
  | nil => simp [mapRs]
  | cons c cs ih1 ih2 => simp [mapRs, sizes, ih1, ih2]
mutual
theorem Rose.mapR_id (r : Rose) : r.mapR id = r := by cases r with | mk v cs => simp [mapR, mapRs_id cs]
theorem Rose.mapRs_id (rs : List Rose) : Rose.mapRs id rs = rs := by
  cases rs with | nil => simp [mapRs] | cons c cs => simp [mapRs, mapR_id c, mapRs_id cs]
end
theorem Rose.size_t : (Rose.mk 1 [.mk 2 [], .mk 3 [.mk 4 []]]).size = 4 := by decide
def Rose.depth : Rose → Nat | mk _ cs => 1 + (cs.attach.map fun ⟨c, _⟩ => c.depth).foldl max 0
def interleave : List Nat → List Nat → List Nat | [], ys => ys | x :: xs, ys => x :: interleave ys xs
termination_by xs ys => xs.length + ys.length
decreasing_by simp_wf; omega
theorem interleave_length (xs ys : List Nat) : (interleave xs ys).length = xs.length + ys.length := by
  fun_induction interleave xs ys with | case1 => simp | case2 ys x xs ih => simp [ih]; omega
def quicksort : List Nat → List Nat
  | [] => []
  | p :: xs =>
    have h1 : (xs.filter (· < p)).length ≤ xs.length := List.length_filter_le _ xs
    have h2 : (xs.filter (fun x => !decide (x < p))).length ≤ xs.length := List.length_filter_le _ xs
    let l := xs.filter (· < p)
    let r := xs.filter (fun x => !decide (x < p))
    have hl : l.length ≤ xs.length := h1
    have hr : r.length ≤ xs.length := h2
    quicksort l ++ p :: quicksort r
termination_by xs => xs.length
decreasing_by all_goals simp_wf; omega
def findFrom (p : Nat → Bool) (n : Nat) : Option Nat := if p n then some n else findFrom p (n + 1)
partial_fixpoint
theorem findFrom_sound (p : Nat → Bool) (n m : Nat) : findFrom p n = some m → p m := by
  intro h
  exact findFrom.partial_correctness p (fun _ m => p m = true) (by
    intro f ih n m h
    split at h
    · rename_i hp; cases h; exact hp
    · exact ih _ _ h) n m h
def loopId (x : Nat) : Nat := loopId (x + 1)
partial_fixpoint
mutual
def evenF (n : Nat) : Option Bool := if n = 0 then some true else oddF (n - 1)
partial_fixpoint
def oddF (n : Nat) : Option Bool := if n = 0 then some false else evenF (n - 1)
partial_fixpoint
end
def wfLex (a b : Nat) : Nat := if a = 0 then b else if b = 0 then wfLex (a - 1) 10 else wfLex a (b - 1)
termination_by (a, b)
def subtractAll (xs : Array Nat) (i : Nat) (acc : Nat) : Nat := if h : i < xs.size then subtractAll xs (i + 1) (acc - xs[i]) else acc
termination_by xs.size - i
theorem subtractAll_le (xs : Array Nat) (i acc : Nat) : subtractAll xs i acc ≤ acc := by
  fun_induction subtractAll xs i acc <;> omega
def accSum : (n : Nat) → Acc (· < ·) n → Nat | n, h => n + (if hn : n = 0 then 0 else accSum (n - 1) (h.inv (by omega)))
termination_by n => n
decreasing_by omega
def byAccRec (n : Nat) (h : Acc (fun a b : Nat => a < b) n) : Nat := Acc.rec (motive := fun _ _ => Nat) (fun x _ ih => if hx : x = 0 then 0 else ih (x - 1) (by omega) + 2) h
theorem byAccRec_eq (n : Nat) (h) : byAccRec (n + 1) h = byAccRec n (h.inv (by omega)) + 2 := by
  cases h with | intro _ h => simp [byAccRec]
def fixNat : Nat → Nat := WellFounded.fix Nat.lt_wfRel.wf fun n ih => if h : n = 0 then 1 else 2 * ih (n - 1) (by show n - 1 < n; omega)
theorem fixNat_eq (n : Nat) : fixNat n = 2 ^ n := by
  induction n with
  | zero => unfold fixNat; rw [WellFounded.fix_eq]; simp
  | succ n ih => unfold fixNat at ih ⊢; rw [WellFounded.fix_eq]; simp [ih, Nat.pow_succ, Nat.mul_comm]
def Tape.run (prog : List Nat) (pc fuel : Nat) : List Nat := match fuel with
  | 0 => [] | f + 1 => match prog[pc]? with | none => [] | some j => pc :: Tape.run prog j f
theorem tape : Tape.run [2, 0, 1] 0 5 = [0, 2, 1, 0, 2] := by decide
end T06Wf
