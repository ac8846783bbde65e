module
@[expose] public noncomputable section
set_option linter.unusedVariables false
universe u v w
namespace T08Logic
theorem peirce (p q : Prop) : ((p → q) → p) → p := by intro h; apply Classical.byContradiction; intro hn; exact hn (h fun hp => absurd hp hn)
theorem drinker {α : Type} [Inhabited α] (P : α → Prop) : ∃ x, P x → ∀ y, P y := by
  by_cases h : ∀ y, P y
  · exact ⟨default, fun _ => h⟩
  · have ⟨x, hx⟩ := Classical.not_forall.mp h; exact ⟨x, fun hp => absurd hp hx⟩
def choose {α : Type u} {p : α → Prop} (h : ∃ x, p x) : α := Classical.choose h
theorem choose_spec {α : Type u} {p : α → Prop} (h : ∃ x, p x) : p (choose h) := Classical.choose_spec h
theorem skolem {α : Type u} {β : Type v} {R : α → β → Prop} (h : ∀ x, ∃ y, R x y) : ∃ f : α → β, ∀ x, R x (f x) := ⟨fun x => choose (h x), fun x => choose_spec (h x)⟩
theorem cantor {α : Type u} (f : α → α → Prop) : ¬ ∀ g : α → Prop, ∃ x, f x = g := by
  intro h
  obtain ⟨x, hx⟩ := h fun x => ¬ f x x
  have : f x x ↔ ¬ f x x := by conv => lhs; rw [hx]
                               
  exact (iff_not_self this).elim
theorem lawvere {α : Type u} {β : Type v} (f : α → α → β) (h : ∀ g : α → β, ∃ x, f x = g) (t : β → β) : ∃ y, t y = y := by
  obtain ⟨x, hx⟩ := h fun x => t (f x x)
  exact ⟨f x x, (congrFun hx x).symm⟩
def Q (α : Type u) := Quot (fun _ _ : α => True)
def Q.mk {α : Type u} (a : α) : Q α := Quot.mk _ a
theorem Q.eq {α : Type u} (a b : Q α) : a = b := by
  induction a using Quot.ind; induction b using Quot.ind; exact Quot.sound trivial
instance setoidMod (n : Nat) : Setoid Int where
  r a b := ∃ k, a - b = n * k
  iseqv := ⟨fun a => ⟨0, by simp⟩, fun ⟨k, h⟩ => ⟨-k, by rw [Int.mul_neg, ← h]; omega⟩, fun ⟨k, h⟩ ⟨l, g⟩ => ⟨k + l, by rw [Int.mul_add, ← h, ← g]; omega⟩⟩
def ZMod (n : Nat) := Quotient (setoidMod n)
namespace ZMod
def mk {n : Nat} (a : Int) : ZMod n := Quotient.mk _ a
def add {n : Nat} (x y : ZMod n) : ZMod n := Quotient.liftOn₂ x y (fun a b => mk (a + b)) (by
  rintro a b c d ⟨k, hk⟩ ⟨l, hl⟩; exact Quotient.sound ⟨k + l, by rw [Int.mul_add, ← hk, ← hl]; omega⟩)
theorem add_comm {n} (x y : ZMod n) : add x y = add y x := by
  induction x using Quotient.inductionOn; induction y using Quotient.inductionOn
  exact congrArg mk (Int.add_comm _ _)
theorem add_assoc {n} (x y z : ZMod n) : add (add x y) z = add x (add y z) := by
  refine Quotient.inductionOn₃ x y z fun a b c => ?_
  exact congrArg mk (Int.add_assoc a b c)
theorem five : (mk 7 : ZMod 5) = mk 2 := Quotient.sound ⟨1, by decide⟩
theorem lift_mk {n} (a b : Int) : add (mk a : ZMod n) (mk b) = mk (a + b) := rfl
def isZero {n : Nat} (x : ZMod (n + 1)) : Bool := Quotient.lift (fun a => decide (a % ((n + 1 : Nat) : Int) = 0)) (by
  rintro a b ⟨k, hk⟩
  have : a = b + (n + 1 : Nat) * k := by omega
  subst this; simp) x
theorem isZero_t : isZero (mk 15 : ZMod 5) = true := rfl
theorem isZero_f : isZero (mk 16 : ZMod 5) = false := by decide
end ZMod
def SquashNat := Squash Nat
def truncLift {α : Type u} {p : Prop} (h : Nonempty α) (f : α → p) : p := h.elim f
structure Iso (α : Type u) (β : Type v) where
  to : α → β
  inv : β → α
  left : ∀ a, inv (to a) = a
  right : ∀ b, to (inv b) = b
def Iso.refl (α : Type u) : Iso α α := ⟨id, id, fun _ => rfl, fun _ => rfl⟩
def Iso.trans {α : Type u} {β : Type v} {γ : Type w} (f : Iso α β) (g : Iso β γ) : Iso α γ := ⟨g.to ∘ f.to, f.inv ∘ g.inv, fun a => by simp [g.left, f.left], fun a => by simp [g.right, f.right]⟩
def Iso.ulift (α : Type u) : Iso α (ULift.{v} α) := ⟨ULift.up, ULift.down, fun _ => rfl, fun _ => rfl⟩
theorem Iso.trans_refl {α : Type u} {β : Type v} (f : Iso α β) : f.trans (Iso.refl β) = f := rfl
theorem Iso.ext {α : Type u} {β : Type v} (f g : Iso α β) (h : f.to = g.to) : f = g := by
  have hi : f.inv = g.inv := by funext b; rw [← g.left (f.inv b), ← h, f.right]
  cases f; cases g; cases h; cases hi; rfl
def Iso.arrow {α : Type u} {β : Type v} {γ : Type w} (f : Iso α β) : Iso (α → γ) (β → γ) := ⟨(· ∘ f.inv), (· ∘ f.to), fun g => by funext x; simp [f.left], fun g => by funext x; simp [f.right]⟩
def Iso.curry {α : Type u} {β : Type v} {γ : Type w} : Iso (α × β → γ) (α → β → γ) := ⟨fun f a b => f (a, b), fun f p => f p.1 p.2, fun _ => rfl, fun _ => rfl⟩
theorem plift_eta (p : Prop) (x : PLift p) : x = ⟨x.down⟩ := rfl
theorem prod_eta {α : Type u} {β : Type v} (p : α × β) : (p.1, p.2) = p := rfl
theorem sigma_eta {α : Type u} {β : α → Type v} (p : (a : α) × β a) : ⟨p.1, p.2⟩ = p := rfl
theorem fin_eta (n) (i : Fin n) : (⟨i.1, i.2⟩ : Fin n) = i := rfl
theorem unit_eta (a b : PUnit.{u}) : a = b := rfl
theorem true_eta (f g : Nat → True) : f = g := rfl
theorem subtype_irrel (p : Nat → Prop) (n) (h h' : p n) : (⟨n, h⟩ : Subtype p) = ⟨n, h'⟩ := rfl
def eqRecTower {α : Type u} {P : α → Type v} {a b c : α} (h : a = b) (g : b = c) (x : P a) : P c := g ▸ h ▸ x
theorem eqRecTower_eq {α : Type u} {P : α → Type v} {a b c : α} (h : a = b) (g : b = c) (x : P a) : eqRecTower h g x = (h.trans g) ▸ x := by cases h; cases g; rfl
theorem k_reduce {α : Type u} {P : α → Type v} {a : α} (h : a = a) (x : P a) : h ▸ x = x := rfl
theorem k_reduce2 (h : 2 + 2 = 4) (x : Fin (2 + 2)) : (h ▸ x : Fin 4) = x := rfl
theorem heq_symm {α β : Type u} {a : α} {b : β} (h : HEq a b) : HEq b a := by cases h; rfl
theorem heq_rec {α : Type u} {a b : α} (h : HEq a b) : a = b := eq_of_heq h
theorem cast_cast {α β γ : Type u} (h : α = β) (g : β = γ) (a : α) : cast g (cast h a) = cast (h.trans g) a := by subst h; subst g; rfl
def andRec {p q : Prop} {α : Sort u} (f : p → q → α) (h : p ∧ q) : α := And.rec f h
def falseRec {α : Sort u} (h : False) : α := nomatch h
def accRec {α : Type u} {r : α → α → Prop} {P : α → Type v} (f : ∀ x, (∀ y, r y x → P y) → P x) {a : α} (h : Acc r a) : P a := Acc.rec (fun x _ ih => f x ih) h
theorem accRec_intro {α : Type u} {r : α → α → Prop} {P : α → Type v} (f : ∀ x, (∀ y, r y x → P y) → P x) {a : α} (h : ∀ y, r y a → Acc r y) : accRec (P := P) f (Acc.intro a h) = f a fun y hy => accRec f (h y hy) := rfl
inductive PropStruct : Prop | mk (a : True) (b : 1 = 1)
def largeElim (h : PropStruct) : Nat := PropStruct.rec (fun _ _ => 3) h
inductive MyEq {α : Sort u} (a : α) : α → Prop | refl : MyEq a a
def MyEq.cast {α : Sort u} {P : α → Sort v} {a b : α} (h : MyEq a b) (x : P a) : P b := h.rec x
theorem MyEq.k {α : Sort u} {P : α → Sort v} {a : α} (h : MyEq a a) (x : P a) : h.cast x = x := rfl
inductive Ex2 {α : Type u} (p : α → Prop) : Prop | intro (x : α) (h : p x)
theorem Ex2.iff {α : Type u} (p : α → Prop) : Ex2 p ↔ ∃ x, p x := ⟨fun ⟨x, h⟩ => ⟨x, h⟩, fun ⟨x, h⟩ => ⟨x, h⟩⟩
theorem propext_use (p q : Prop) (h : p ↔ q) (f : Prop → Nat) : f p = f q := by rw [propext h]
theorem and_comm_eq (p q : Prop) : (p ∧ q) = (q ∧ p) := propext And.comm
theorem funext_use (f g : Nat → Nat → Nat) (h : ∀ x y, f x y = g x y) : f = g := by ext x y; exact h x y
theorem set_ext {α : Type u} (s t : α → Prop) (h : ∀ x, s x ↔ t x) : s = t := by funext x; exact propext (h x)
axiom Parity : Nat → Prop
axiom parity_zero : Parity 0
axiom parity_step (n : Nat) : Parity n → Parity (n + 2)
theorem parity6 : Parity 6 := parity_step 4 (parity_step 2 (parity_step 0 parity_zero))
theorem parity_even (n : Nat) : Parity (2 * n) := by induction n with | zero => exact parity_zero | succ n ih => exact parity_step _ ih
axiom Weird : Type u → Type (u + 1)
axiom weird_intro {α : Type u} : α → Weird α
theorem weird_nonempty : Nonempty (Weird Nat) := ⟨weird_intro 3⟩
def sortPoly (α : Sort u) (β : Sort v) : Sort (max 1 u v) := α ×' β
def imaxFn (α : Sort u) (p : α → Prop) : Prop := ∀ x, p x
def levels (α : Type (max u v)) (β : Type (max v u)) (h : α = β) : β → α := cast h.symm
def PolyNat : Type (u + 1) := (α : Type u) → (α → α) → α → α
def PolyNat.two : PolyNat.{u} := fun _ f x => f (f x)
def PolyNat.mul (a b : PolyNat.{u}) : PolyNat.{u} := fun α f => a α (b α f)
theorem PolyNat.four : PolyNat.mul two two Nat Nat.succ 0 = 4 := rfl
inductive Below : Nat → Type (u + 1) | mk (n : Nat) (f : ∀ m, m < n → Type u) : Below n
structure Cat where
  Obj : Type u
  Hom : Obj → Obj → Type v
  id : ∀ X, Hom X X
  comp : ∀ {X Y Z}, Hom X Y → Hom Y Z → Hom X Z
  id_comp : ∀ {X Y} (f : Hom X Y), comp (id X) f = f
  comp_id : ∀ {X Y} (f : Hom X Y), comp f (id Y) = f
  assoc : ∀ {W X Y Z} (f : Hom W X) (g : Hom X Y) (h : Hom Y Z), comp (comp f g) h = comp f (comp g h)
def TypeCat : Cat.{u + 1, u} := ⟨Type u, fun α β => α → β, fun _ => id, fun f g => g ∘ f, fun _ => rfl, fun _ => rfl, fun _ _ _ => rfl⟩
def Cat.op (C : Cat.{u, v}) : Cat.{u, v} := ⟨C.Obj, fun X Y => C.Hom Y X, C.id, fun f g => C.comp g f, fun f => C.comp_id f, fun f => C.id_comp f, fun f g h => (C.assoc h g f).symm⟩
theorem Cat.op_op (C : Cat.{u, v}) : C.op.op = C := rfl
structure Functor' (C : Cat.{u, v}) (D : Cat.{u, v}) where
  obj : C.Obj → D.Obj
  map : ∀ {X Y}, C.Hom X Y → D.Hom (obj X) (obj Y)
  map_id : ∀ X, map (C.id X) = D.id (obj X)
  map_comp : ∀ {X Y Z} (f : C.Hom X Y) (g : C.Hom Y Z), map (C.comp f g) = D.comp (map f) (map g)
def yoneda (C : Cat.{u, v}) (X : C.Obj) : (C.Obj → Type v) := fun Y => C.Hom Y X
def Nat.transf {C D : Cat.{u, v}} (F G : Functor' C D) := { η : ∀ X, D.Hom (F.obj X) (G.obj X) // ∀ {X Y} (f : C.Hom X Y), D.comp (F.map f) (η Y) = D.comp (η X) (G.map f) }
end T08Logic
