module
@[expose] public noncomputable section
set_option linter.unusedVariables false
universe u v w x y z u₁ u₂ u₃
namespace T23Category
class Category (obj : Type u) : Type (max u (v + 1)) where
  Hom : obj → obj → Type v
  one : ∀ X, Hom X X
  comp : ∀ {X Y Z}, Hom X Y → Hom Y Z → Hom X Z
  one_comp : ∀ {X Y} (f : Hom X Y), comp (one X) f = f := by intros; rfl
  comp_one : ∀ {X Y} (f : Hom X Y), comp f (one Y) = f := by intros; rfl
  assoc : ∀ {W X Y Z} (f : Hom W X) (g : Hom X Y) (h : Hom Y Z), comp (comp f g) h = comp f (comp g h) := by intros; rfl
open Category
instance : Category.{u + 1, u} (Type u) where
  Hom a b := a → b
  one _ := fun x => x
  comp f g := fun x => g (f x)
instance prodCat (C : Type u₁) (D : Type u₂) [Category.{u₁, u} C] [Category.{u₂, v} D] : Category.{max u₁ u₂, max u v} (C × D) where
  Hom X Y := Hom X.1 Y.1 × Hom X.2 Y.2
  one X := (one X.1, one X.2)
  comp f g := (comp f.1 g.1, comp f.2 g.2)
  one_comp f := by simp only [one_comp]
  comp_one f := by simp only [comp_one]
  assoc f g h := by simp only [assoc]
structure Opp (C : Type u) where unop : C
instance oppCat (C : Type u) [Category.{u, v} C] : Category.{u, v} (Opp C) where
  Hom X Y := Hom Y.unop X.unop
  one X := one X.unop
  comp f g := comp g f
  one_comp f := Category.comp_one (obj := C) f
  comp_one f := Category.one_comp (obj := C) f
  assoc f g h := (Category.assoc (obj := C) h g f).symm
theorem oppopp {C : Type u₁} [Category.{u₁, u} C] (X Y : C) : Hom (Opp.mk (Opp.mk X)) (Opp.mk (Opp.mk Y)) = Hom X Y := rfl

structure Func (C : Type u₁) [Category.{u₁, u} C] (D : Type u₂) [Category.{u₂, v} D] : Type (max u₁ u₂ u v) where
  obj : C → D
  map : ∀ {X Y : C}, Hom X Y → Hom (obj X) (obj Y)
  map_one : ∀ X, map (one X) = one (obj X) := by intros; rfl
  map_comp : ∀ {X Y Z} (f : Hom X Y) (g : Hom Y Z), map (comp f g) = comp (map f) (map g) := by intros; rfl
structure NatT {C : Type u₁} [Category.{u₁, u} C] {D : Type u₂} [Category.{u₂, v} D] (F G : Func C D) : Type (max u₁ u v) where
  app : ∀ X, Hom (F.obj X) (G.obj X)
  nat : ∀ {X Y} (f : Hom X Y), comp (F.map f) (app Y) = comp (app X) (G.map f)
theorem NatT.ext' {C : Type u₁} [Category.{u₁, u} C] {D : Type u₂} [Category.{u₂, v} D] {F G : Func C D} {a b : NatT F G} (h : ∀ X, a.app X = b.app X) : a = b := by
  cases a; cases b; congr; funext X; exact h X
instance funcCat {C : Type u₁} [Category.{u₁, u} C] {D : Type u₂} [Category.{u₂, v} D] : Category.{max u₁ u₂ u v, max u₁ u v} (Func C D) where
  Hom F G := NatT F G
  one F := ⟨fun X => one _, fun f => by rw [comp_one, one_comp]⟩
  comp a b := ⟨fun X => comp (a.app X) (b.app X), fun f => by rw [← assoc, a.nat, assoc, b.nat, ← assoc]⟩
  one_comp f := NatT.ext' fun X => one_comp _
  comp_one f := NatT.ext' fun X => comp_one _
  assoc f g h := NatT.ext' fun X => assoc _ _ _
def yonedaObj {C : Type u₁} [Category.{u₁, u} C] (X : C) : Func (Opp C) (Type u) where
  obj Y := Hom Y.unop X
  map f := fun g => comp f g
  map_one Y := by funext g; exact one_comp (obj := C) g
  map_comp f g := by funext h; exact assoc (obj := C) _ _ _
def yoneda {C : Type u₁} [Category.{u₁, u} C] : Func C (Func (Opp C) (Type u)) where
  obj X := yonedaObj X
  map f := ⟨fun Y g => comp g f, fun g => by funext h; exact assoc (obj := C) _ _ _⟩
  map_one X := NatT.ext' fun Y => by funext g; exact comp_one (obj := C) g
  map_comp f g := NatT.ext' fun Y => by funext h; exact (assoc (obj := C) _ _ _).symm
def yonedaLemma {C : Type u₁} [Category.{u₁, u} C] (X : C) (F : Func (Opp C) (Type u)) (a : NatT (yonedaObj X) F) : F.obj ⟨X⟩ := a.app ⟨X⟩ (one X)
def yonedaInv {C : Type u₁} [Category.{u₁, u} C] (X : C) (F : Func (Opp C) (Type u)) (x : F.obj ⟨X⟩) : NatT (yonedaObj X) F := ⟨fun Y f => F.map (X := ⟨X⟩) f x, fun {Y Z} f => by funext g; exact congrFun (F.map_comp (X := ⟨X⟩) g f) x⟩
theorem yoneda_left {C : Type u₁} [Category.{u₁, u} C] (X : C) (F : Func (Opp C) (Type u)) (x : F.obj ⟨X⟩) : yonedaLemma X F (yonedaInv X F x) = x := congrFun (F.map_one ⟨X⟩) x
theorem prod_hom {C : Type u₁} [Category.{u₁, u} C] (p : C × C) : (one p : Hom p p) = (one p.1, one p.2) := rfl
end T23Category
