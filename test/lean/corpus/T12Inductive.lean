module
@[expose] public noncomputable section
set_option linter.unusedVariables false
universe u v w
namespace T12Inductive
inductive Nest1 (α : Type u) : Type u | mk (xs : List (Option (Nest1 α × α)))
inductive Nest2 : Type | mk (a : Array (Nest2)) (f : Nat → List Nest2)
inductive Nest3 (α : Type u) (n : Nat) : Type u | tip (a : α) | bin (x : Nest3 α n × Nest3 α n) (y : Sum (List (Nest3 α n)) (Fin n → Nest3 α n))
structure Wrap (α : Type u) where (val : α) (n : Nat)
inductive Nest4 : Type | mk (w : Wrap (Wrap (List Nest4)))
inductive Ty2 : Type → Type 1 | a : Ty2 Nat | b {α β : Type} : Ty2 α → Ty2 β → Ty2 (α × β) | c {α : Type} (f : Nat → Ty2 α) : Ty2 (List α)
mutual
inductive A : Type | a0 | a1 (b : B) (xs : List C)
inductive B : Type | b0 (c : Nat → C) | b1 (x : Option A)
inductive C : Type | c0 | c1 (abc : A × B × C)
end
mutual
inductive EvenP : Nat → Prop | z : EvenP 0 | s {n} : OddP n → EvenP (n + 1)
inductive OddP : Nat → Prop | s {n} : EvenP n → OddP (n + 1)
end
theorem evenOdd (n : Nat) : EvenP n ∨ OddP n := by
  induction n with | zero => exact .inl .z | succ n ih => exact ih.elim (fun h => .inr (.s h)) (fun h => .inl (.s h))
mutual
theorem EvenP.half {n : Nat} : EvenP n → ∃ k, n = 2 * k | .z => ⟨0, rfl⟩ | .s h => by obtain ⟨k, rfl⟩ := h.half; exact ⟨k + 1, by omega⟩
theorem OddP.half {n : Nat} : OddP n → ∃ k, n = 2 * k + 1 | .s h => by obtain ⟨k, rfl⟩ := h.half; exact ⟨k, rfl⟩
end
mutual
inductive Ctx : Nat → Type | nil : Ctx 0 | snoc {n} (Γ : Ctx n) (A : Typ n) : Ctx (n + 1)
inductive Typ : Nat → Type | U {n} : Typ n | El {n} (t : Trm n) : Typ n | Pi {n} (A : Typ n) (B : Typ (n + 1)) : Typ n
inductive Trm : Nat → Type | var {n} (i : Fin n) : Trm n | lam {n} (A : Typ n) (b : Trm (n + 1)) : Trm n | app {n} (f a : Trm n) : Trm n
end
mutual
def Typ.size : {n : Nat} → Typ n → Nat | _, .U => 1 | _, .El t => t.size + 1 | _, .Pi A B => A.size + B.size + 1
def Trm.size : {n : Nat} → Trm n → Nat | _, .var _ => 1 | _, .lam A b => A.size + b.size + 1 | _, .app f a => f.size + a.size + 1
end
mutual
def Typ.ren : {n m : Nat} → (Fin n → Fin m) → Typ n → Typ m
  | _, _, _, .U => .U | _, _, r, .El t => .El (t.ren r) | _, _, r, .Pi A B => .Pi (A.ren r) (B.ren fun i => Fin.cases 0 (fun j => (r j).succ) i)
def Trm.ren : {n m : Nat} → (Fin n → Fin m) → Trm n → Trm m
  | _, _, r, .var i => .var (r i) | _, _, r, .lam A b => .lam (A.ren r) (b.ren fun i => Fin.cases 0 (fun j => (r j).succ) i) | _, _, r, .app f a => .app (f.ren r) (a.ren r)
end
mutual
theorem Typ.size_ren {n m : Nat} (r : Fin n → Fin m) : (A : Typ n) → (A.ren r).size = A.size
  | .U => rfl | .El t => by simp [Typ.ren, Typ.size, Trm.size_ren r t] | .Pi A B => by simp [Typ.ren, Typ.size, Typ.size_ren r A, Typ.size_ren _ B]
theorem Trm.size_ren {n m : Nat} (r : Fin n → Fin m) : (t : Trm n) → (t.ren r).size = t.size
  | .var _ => rfl | .lam A b => by simp [Trm.ren, Trm.size, Typ.size_ren r A, Trm.size_ren _ b] | .app f a => by simp [Trm.ren, Trm.size, Trm.size_ren r f, Trm.size_ren r a]
end
inductive Brouwer : Type | z | s (b : Brouwer) | l (f : Nat → Brouwer)
inductive Brouwer.Le : Brouwer → Brouwer → Prop
  | z (b) : Le .z b | s {a b} : Le a b → Le (.s a) (.s b) | cocone {a f} (n : Nat) : Le a (f n) → Le a (.l f) | lim {f b} : (∀ n, Le (f n) b) → Le (.l f) b
theorem Brouwer.Le.refl (a : Brouwer) : Le a a := by
  induction a with | z => exact .z _ | s a ih => exact .s ih | l f ih => exact .lim fun n => .cocone n (ih n)
inductive Acc' {α : Sort u} (r : α → α → Prop) : α → Prop | intro (x : α) (h : ∀ y, r y x → Acc' r y) : Acc' r x
theorem Acc'.iff {α : Sort u} (r : α → α → Prop) (a : α) : Acc' r a ↔ Acc r a := ⟨fun h => by induction h with | intro x _ ih => exact ⟨x, ih⟩, fun h => by induction h with | intro x _ ih => exact ⟨x, ih⟩⟩
def Acc'.fix {α : Type u} {r : α → α → Prop} {P : α → Type v} (f : ∀ x, (∀ y, r y x → P y) → P x) {a : α} (h : Acc' r a) : P a := Acc'.rec (motive := fun a _ => P a) (fun x _ ih => f x ih) h
coinductive InfSeq {α : Type} (r : α → α → Prop) : α → Prop
  | step {a b : α} : r a b → InfSeq r b → InfSeq r a
theorem infSeq_nat : InfSeq (fun a b : Nat => b = a + 1) 0 := by
  apply InfSeq.coinduct _ (fun _ => True) _ _ trivial
  intro a _; exact ⟨a + 1, rfl, trivial⟩
def alwaysEven (s : Nat → Nat) (i : Nat) : Prop := s i % 2 = 0 ∧ alwaysEven s (i + 1)
coinductive_fixpoint
def reaches (r : Nat → Nat → Prop) (a b : Nat) : Prop := a = b ∨ ∃ c, r a c ∧ reaches r c b
inductive_fixpoint
theorem reaches_t : reaches (fun a b => b = a + 1) 1 3 := by
  rw [reaches]; right; refine ⟨2, rfl, ?_⟩; rw [reaches]; right; refine ⟨3, rfl, ?_⟩; rw [reaches]; left; rfl
theorem nest1 (x : Nest1 Nat) : x = Nest1.mk [] ∨ ∃ y ys, x = .mk (y :: ys) := by cases x with | mk xs => cases xs with | nil => exact .inl rfl | cons y ys => exact .inr ⟨y, ys, rfl⟩
def Nest1.count {α : Type u} : Nest1 α → Nat | .mk xs => go xs
where go : List (Option (Nest1 α × α)) → Nat | [] => 0 | none :: xs => go xs | some (x, _) :: xs => x.count + 1 + go xs
theorem Nest1.count_t : (Nest1.mk [none, some (.mk [some (.mk [], 1)], 2)]).count = 2 := by decide
def Nest4.depth : Nest4 → Nat | .mk ⟨⟨xs, _⟩, _⟩ => 1 + go xs
where go : List Nest4 → Nat | [] => 0 | x :: xs => max x.depth (go xs)
inductive Term (σ : Type u) (ar : σ → Nat) : Type u | app (f : σ) (args : Fin (ar f) → Term σ ar)
def Term.size {σ : Type u} {ar : σ → Nat} : Term σ ar → Nat | .app f args => 1 + go (ar f) (fun i => (args i).size)
where go (n : Nat) (g : Fin n → Nat) : Nat := match n with | 0 => 0 | n + 1 => g 0 + go n (fun i => g i.succ)
structure Stream' (α : Type u) where
  State : Type
  s : State
  step : State → α × State
def Stream'.take {α : Type u} : Nat → Stream' α → List α | 0, _ => [] | n + 1, ⟨S, s, st⟩ => (st s).1 :: take n ⟨S, (st s).2, st⟩
theorem Stream'.nat : (⟨Nat, 0, fun n => (n * n, n + 1)⟩ : Stream' Nat).take 5 = [0, 1, 4, 9, 16] := by decide
inductive Free (F : Type → Type) (α : Type) : Type 1 | pure (a : α) | bind {β : Type} (x : F β) (k : β → Free F α)
def Free.map {F : Type → Type} {α β : Type} (f : α → β) : Free F α → Free F β | .pure a => .pure (f a) | .bind x k => .bind x fun b => (k b).map f
theorem Free.map_id {F : Type → Type} {α : Type} (x : Free F α) : x.map id = x := by induction x with | pure => rfl | bind x k ih => simp only [map]; congr 1; funext b; exact ih b
inductive Proof : List Prop → Prop → Prop | hyp {Γ p} : p ∈ Γ → Proof Γ p | imp {Γ p q} : Proof (p :: Γ) q → Proof Γ (p → q) | mp {Γ p q} : Proof Γ (p → q) → Proof Γ p → Proof Γ q
end T12Inductive
