module
/-! Twins of library theorems whose proofs the public part of the library does not hold: the same statements,
proved by structural recursion the way the library proves them. Every lemma is proved here; nothing rests on an
axiom or on a bare statement. -/
@[expose] public noncomputable section
universe u v
namespace Twin

theorem symm {α : Sort u} {a b : α} (h : a = b) : b = a :=
  Eq.rec (motive := fun x _ => x = a) rfl h

theorem congr_arg {α : Sort u} {β : Sort v} {a b : α} (f : α → β) (h : a = b) : f a = f b :=
  Eq.rec (motive := fun x _ => f a = f x) rfl h

theorem zero_add : ∀ (n : Nat), 0 + n = n
  | 0 => rfl
  | n + 1 => congr_arg Nat.succ (zero_add n)

theorem succ_add : ∀ (n m : Nat), Nat.succ n + m = Nat.succ (n + m)
  | _, 0 => rfl
  | n, m + 1 => congr_arg Nat.succ (succ_add n m)

theorem add_comm : ∀ (n m : Nat), n + m = m + n
  | n, 0 => symm (zero_add n)
  | n, m + 1 =>
    Eq.rec (motive := fun k _ => Nat.succ (n + m) = k) (congr_arg Nat.succ (add_comm n m)) (symm (succ_add m n))

end Twin
