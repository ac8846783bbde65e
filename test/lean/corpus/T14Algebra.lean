module
@[expose] public noncomputable section
set_option linter.unusedVariables false
universe u v w u₁ v₁
namespace T14Algebra
class One' (α : Type u) where one : α
class Zero' (α : Type u) where zero : α
class Semigroup (G : Type u) extends Mul G where
  mul_assoc : ∀ a b c : G, a * b * c = a * (b * c)
class AddSemigroup (G : Type u) extends Add G where
  add_assoc : ∀ a b c : G, a + b + c = a + (b + c)
class MulOneClass (M : Type u) extends One' M, Mul M where
  one_mul : ∀ a : M, One'.one * a = a
  mul_one : ∀ a : M, a * One'.one = a
class AddZeroClass (M : Type u) extends Zero' M, Add M where
  zero_add : ∀ a : M, Zero'.zero + a = a
  add_zero : ∀ a : M, a + Zero'.zero = a
def npowRec {M : Type u} [One' M] [Mul M] : Nat → M → M | 0, _ => One'.one | n + 1, a => npowRec n a * a
def nsmulRec {M : Type u} [Zero' M] [Add M] : Nat → M → M | 0, _ => Zero'.zero | n + 1, a => nsmulRec n a + a
class Monoid' (M : Type u) extends Semigroup M, MulOneClass M where
  npow : Nat → M → M := npowRec
  npow_zero : ∀ x, npow 0 x = One'.one := by intros; rfl
  npow_succ : ∀ (n : Nat) (x), npow (n + 1) x = npow n x * x := by intros; rfl
class AddMonoid (M : Type u) extends AddSemigroup M, AddZeroClass M where
  nsmul : Nat → M → M := nsmulRec
  nsmul_zero : ∀ x, nsmul 0 x = Zero'.zero := by intros; rfl
  nsmul_succ : ∀ (n : Nat) (x), nsmul (n + 1) x = nsmul n x + x := by intros; rfl
class CommSemigroup (G : Type u) extends Semigroup G where mul_comm : ∀ a b : G, a * b = b * a
class AddCommMonoid (M : Type u) extends AddMonoid M where add_comm : ∀ a b : M, a + b = b + a
class CommMonoid (M : Type u) extends Monoid' M, CommSemigroup M
class Group (G : Type u) extends Monoid' G where
  inv : G → G
  inv_mul : ∀ a : G, inv a * a = One'.one
class AddGroup (G : Type u) extends AddMonoid G, Neg G, Sub G where
  sub := fun a b => a + -b
  sub_eq : ∀ a b : G, a - b = a + -b := by intros; rfl
  neg_add : ∀ a : G, -a + a = Zero'.zero
class AddCommGroup (G : Type u) extends AddGroup G, AddCommMonoid G
class Distrib (R : Type u) extends Mul R, Add R where
  left_distrib : ∀ a b c : R, a * (b + c) = a * b + a * c
  right_distrib : ∀ a b c : R, (a + b) * c = a * c + b * c
class MulZeroClass (M : Type u) extends Mul M, Zero' M where
  zero_mul : ∀ a : M, Zero'.zero * a = Zero'.zero
  mul_zero : ∀ a : M, a * Zero'.zero = Zero'.zero
class NonUnitalSemiring (α : Type u) extends AddCommMonoid α, Distrib α, MulZeroClass α, Semigroup α
class Semiring' (α : Type u) extends NonUnitalSemiring α, Monoid' α
class Ring' (R : Type u) extends Semiring' R, AddCommGroup R
class CommSemiring (R : Type u) extends Semiring' R, CommMonoid R
class CommRing' (R : Type u) extends Ring' R, CommMonoid R
instance {R : Type u} [CommRing' R] : CommSemiring R := { ‹CommRing' R› with }
class SMul' (R : Type u) (M : Type v) where smul : R → M → M
infixr:73 " •' " => SMul'.smul
class MulAction (R : Type u) (M : Type v) [Monoid' R] extends SMul' R M where
  one_smul : ∀ b : M, (One'.one : R) •' b = b
  mul_smul : ∀ (x y : R) (b : M), (x * y) •' b = x •' y •' b
class Module (R : Type u) (M : Type v) [Semiring' R] [AddCommMonoid M] extends MulAction R M where
  smul_add : ∀ (a : R) (x y : M), a •' (x + y) = a •' x + a •' y
  add_smul : ∀ (r s : R) (x : M), (r + s) •' x = r •' x + s •' x
  zero_smul : ∀ x : M, (Zero'.zero : R) •' x = Zero'.zero
  smul_zero : ∀ a : R, a •' (Zero'.zero : M) = Zero'.zero
instance : CommRing' Int where
  one := 1
  zero := 0
  mul_assoc := Int.mul_assoc
  one_mul := Int.one_mul
  mul_one := Int.mul_one
  add_assoc := Int.add_assoc
  zero_add := Int.zero_add
  add_zero := Int.add_zero
  add_comm := Int.add_comm
  mul_comm := Int.mul_comm
  left_distrib := Int.mul_add
  right_distrib := Int.add_mul
  zero_mul := Int.zero_mul
  mul_zero := Int.mul_zero
  neg_add := Int.add_left_neg
  sub := Int.sub
  sub_eq := fun _ _ => rfl
instance Prod.ring {R : Type u} {S : Type v} [CommRing' R] [CommRing' S] : CommRing' (R × S) where
  one := (One'.one, One'.one)
  zero := (Zero'.zero, Zero'.zero)
  mul a b := (a.1 * b.1, a.2 * b.2)
  add a b := (a.1 + b.1, a.2 + b.2)
  neg a := (-a.1, -a.2)
  mul_assoc a b c := by ext <;> exact Semigroup.mul_assoc _ _ _
  one_mul a := by ext <;> exact MulOneClass.one_mul _
  mul_one a := by ext <;> exact MulOneClass.mul_one _
  add_assoc a b c := by ext <;> exact AddSemigroup.add_assoc _ _ _
  zero_add a := by ext <;> exact AddZeroClass.zero_add _
  add_zero a := by ext <;> exact AddZeroClass.add_zero _
  add_comm a b := by ext <;> exact AddCommMonoid.add_comm _ _
  mul_comm a b := by ext <;> exact CommSemigroup.mul_comm _ _
  left_distrib a b c := by ext <;> exact Distrib.left_distrib _ _ _
  right_distrib a b c := by ext <;> exact Distrib.right_distrib _ _ _
  zero_mul a := by ext <;> exact MulZeroClass.zero_mul _
  mul_zero a := by ext <;> exact MulZeroClass.mul_zero _
  neg_add a := by ext <;> exact AddGroup.neg_add _
instance Pi.ring {ι : Type v} {R : ι → Type u} [∀ i, CommRing' (R i)] : CommRing' ((i : ι) → R i) where
  one _ := One'.one
  zero _ := Zero'.zero
  mul a b i := a i * b i
  add a b i := a i + b i
  neg a i := -a i
  mul_assoc a b c := by funext i; exact Semigroup.mul_assoc _ _ _
  one_mul a := by funext i; exact MulOneClass.one_mul _
  mul_one a := by funext i; exact MulOneClass.mul_one _
  add_assoc a b c := by funext i; exact AddSemigroup.add_assoc _ _ _
  zero_add a := by funext i; exact AddZeroClass.zero_add _
  add_zero a := by funext i; exact AddZeroClass.add_zero _
  add_comm a b := by funext i; exact AddCommMonoid.add_comm _ _
  mul_comm a b := by funext i; exact CommSemigroup.mul_comm _ _
  left_distrib a b c := by funext i; exact Distrib.left_distrib _ _ _
  right_distrib a b c := by funext i; exact Distrib.right_distrib _ _ _
  zero_mul a := by funext i; exact MulZeroClass.zero_mul _
  mul_zero a := by funext i; exact MulZeroClass.mul_zero _
  neg_add a := by funext i; exact AddGroup.neg_add _
instance selfModule {R : Type u} [Semiring' R] : Module R R where
  smul a b := a * b
  one_smul := MulOneClass.one_mul
  mul_smul := Semigroup.mul_assoc
  smul_add := Distrib.left_distrib
  add_smul := Distrib.right_distrib
  zero_smul := MulZeroClass.zero_mul
  smul_zero := MulZeroClass.mul_zero
instance piModule {ι : Type w} {R : Type u} {M : Type v} [CommRing' R] [CommRing' M] [Module R M] : Module R (ι → M) where
  smul a f i := a •' f i
  one_smul f := by funext i; exact MulAction.one_smul _
  mul_smul a b f := by funext i; exact MulAction.mul_smul _ _ _
  smul_add a f g := by funext i; exact Module.smul_add _ _ _
  add_smul a b f := by funext i; exact Module.add_smul _ _ _
  zero_smul f := by funext i; exact Module.zero_smul _
  smul_zero a := by funext i; exact Module.smul_zero _
section
variable {R : Type u} [CommRing' R]
theorem mul_left_comm' (a b c : R) : a * (b * c) = b * (a * c) := by rw [← Semigroup.mul_assoc, CommSemigroup.mul_comm a b, Semigroup.mul_assoc]
theorem add_left_cancel' {a b c : R} (h : a + b = a + c) : b = c := by
  have := congrArg (-a + ·) h
  simpa only [← AddSemigroup.add_assoc, AddGroup.neg_add, AddZeroClass.zero_add] using this
theorem sq_add (a b : R) : (a + b) * (a + b) = a * a + (a * b + a * b) + b * b := by
  rw [Distrib.left_distrib, Distrib.right_distrib, Distrib.right_distrib, CommSemigroup.mul_comm b a]
  simp only [AddSemigroup.add_assoc]
theorem npow_add (a : R) (m n : Nat) : Monoid'.npow (m + n) a = Monoid'.npow m a * Monoid'.npow n a := by
  induction n with
  | zero => rw [Nat.add_zero, Monoid'.npow_zero, MulOneClass.mul_one]
  | succ n ih => rw [← Nat.add_assoc, Monoid'.npow_succ, Monoid'.npow_succ, ih, Semigroup.mul_assoc]
theorem neg_mul' (a b : R) : -a * b = -(a * b) := by
  apply add_left_cancel' (a := a * b)
  rw [← Distrib.right_distrib, AddCommMonoid.add_comm a (-a), AddGroup.neg_add, MulZeroClass.zero_mul, AddCommMonoid.add_comm, AddGroup.neg_add]
end
/-! The two ways to the same instance agree by unfolding. -/
theorem diamond1 {R : Type u} [CommRing' R] : (CommMonoid.toMonoid' : Monoid' R) = Semiring'.toMonoid' := rfl
theorem diamond2 {R : Type u} {S : Type v} [CommRing' R] [CommRing' S] : ((Prod.ring : CommRing' (R × S)).toRing'.toSemiring'.toMonoid') = (Prod.ring : CommRing' (R × S)).toCommMonoid.toMonoid' := rfl
theorem diamond3 {ι : Type v} {R : Type u} [CommRing' R] (f g : ι → R × R) : (f * g : ι → R × R) = fun i => ((f i).1 * (g i).1, (f i).2 * (g i).2) := rfl
theorem deep_inst (x : (Fin 2 → (Int × Int)) × (Bool → Int)) : (One'.one * x : (Fin 2 → (Int × Int)) × (Bool → Int)) = x := MulOneClass.one_mul x
theorem smul_pi (a : Int) (f : Fin 4 → Int) (i : Fin 4) : (a •' f) i = a * f i := rfl
theorem int_pow : (Monoid'.npow 10 (3 : Int)) = 59049 := by rfl
structure Hom (R : Type u) (S : Type v) [CommRing' R] [CommRing' S] where
  f : R → S
  map_mul : ∀ a b, f (a * b) = f a * f b
  map_add : ∀ a b, f (a + b) = f a + f b
  map_one : f One'.one = One'.one
instance {R : Type u} {S : Type v} [CommRing' R] [CommRing' S] : CoeFun (Hom R S) fun _ => R → S := ⟨Hom.f⟩
theorem Hom.ext' {R : Type u} {S : Type v} [CommRing' R] [CommRing' S] {f g : Hom R S} (h : ∀ x, f x = g x) : f = g := by cases f; cases g; congr; funext x; exact h x
def Hom.id (R : Type u) [CommRing' R] : Hom R R := ⟨fun x => x, fun _ _ => rfl, fun _ _ => rfl, rfl⟩
def Hom.fst (R : Type u) (S : Type v) [CommRing' R] [CommRing' S] : Hom (R × S) R := ⟨Prod.fst, fun _ _ => rfl, fun _ _ => rfl, rfl⟩
def Hom.eval {ι : Type v} (R : Type u) [CommRing' R] (i : ι) : Hom (ι → R) R := ⟨fun f => f i, fun _ _ => rfl, fun _ _ => rfl, rfl⟩
theorem Hom.map_zero {R : Type u} {S : Type v} [CommRing' R] [CommRing' S] (f : Hom R S) : f Zero'.zero = Zero'.zero := by
  apply add_left_cancel' (a := f Zero'.zero); rw [← f.map_add, AddZeroClass.add_zero, AddZeroClass.add_zero]
theorem Hom.map_npow {R : Type u} {S : Type v} [CommRing' R] [CommRing' S] (f : Hom R S) (n : Nat) (x : R) : f (Monoid'.npow n x) = Monoid'.npow n (f x) := by
  induction n with | zero => rw [Monoid'.npow_zero, Monoid'.npow_zero, f.map_one] | succ n ih => rw [Monoid'.npow_succ, Monoid'.npow_succ, f.map_mul, ih]
structure Ideal (R : Type u) [CommRing' R] where
  mem : R → Prop
  zero : mem Zero'.zero
  add : ∀ {a b}, mem a → mem b → mem (a + b)
  smul : ∀ (r : R) {a}, mem a → mem (r * a)
theorem Ideal.neg {R : Type u} [CommRing' R] (I : Ideal R) {a : R} (h : I.mem a) : I.mem (-a) := by
  have := I.smul (-One'.one) h; rwa [neg_mul', MulOneClass.one_mul] at this
def Ideal.setoid {R : Type u} [CommRing' R] (I : Ideal R) : Setoid R where
  r a b := I.mem (a + -b)
  iseqv := ⟨fun a => by rw [AddCommMonoid.add_comm, AddGroup.neg_add]; exact I.zero, fun {a b} h => by
      have := I.neg h
      have e : -(a + -b) = b + -a := by
        apply add_left_cancel' (a := a + -b)
        rw [AddCommMonoid.add_comm (a + -b) (-(a + -b)), AddGroup.neg_add, AddSemigroup.add_assoc, ← AddSemigroup.add_assoc (-b), AddGroup.neg_add, AddZeroClass.zero_add, AddCommMonoid.add_comm, AddGroup.neg_add]
      rwa [e] at this, fun {a b c} h g => by
      have := I.add h g
      rwa [AddSemigroup.add_assoc, ← AddSemigroup.add_assoc (-b), AddGroup.neg_add, AddZeroClass.zero_add] at this⟩
def Quo {R : Type u} [CommRing' R] (I : Ideal R) := Quotient I.setoid
def Poly (R : Type u) := Nat → R
inductive Mv (σ : Type u) (R : Type v) | c (r : R) | x (s : σ) | add (p q : Mv σ R) | mul (p q : Mv σ R)
def Mv.eval {σ : Type u} {R : Type v} {S : Type w} [CommRing' R] [CommRing' S] (f : Hom R S) (g : σ → S) : Mv σ R → S | c r => f r | x s => g s | add p q => p.eval f g + q.eval f g | mul p q => p.eval f g * q.eval f g
theorem Mv.t : (Mv.mul (.add (.x true) (.c 3)) (.x false) : Mv Bool Int).eval (Hom.id Int) (fun b => if b then 2 else 7) = 35 := by rfl
-- out-params, default instances, coercions
class Container (c : Type u) (e : outParam (Type v)) where
  toL : c → List e
  mem : e → c → Prop := fun x s => x ∈ toL s
instance {α : Type u} : Container (List α) α where toL := id
instance {α : Type u} : Container (Array α) α where toL := Array.toList
instance {α : Type u} : Container (Option α) α where toL := Option.toList
def total {c : Type} [Container c Nat] (x : c) : Nat := (Container.toL x).sum
theorem total_t : total [1, 2, 3] + total #[4, 5] + total (some 6) = 21 := by decide
theorem mem_t : Container.mem 3 [1, 2, 3] := by show 3 ∈ [1, 2, 3]; decide
class HasD (α : Type u) (n : Nat) where d : α
instance : HasD Nat 0 := ⟨7⟩
instance {n} [HasD Nat n] : HasD Nat (n + 1) := ⟨HasD.d n + 1⟩
theorem hasD : (HasD.d 20 : Nat) = 27 := rfl
end T14Algebra
