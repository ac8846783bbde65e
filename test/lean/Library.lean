module
/-! Proofs of library statements whose proofs the public part of the library does not hold. `Proved.X` has the statement
of `X`; the closures in this folder are made with these proofs in place of the bare statements, so that they rest on
none. Lemmas for them are `Proved` names that the library does not have. -/
@[expose] public noncomputable section
universe u v w
namespace Proved

/-! ### Equality -/

theorem Eq.symm {α : Sort u} {a b : α} (h : Eq a b) : Eq b a :=
  Eq.rec (motive := fun x _ => Eq x a) rfl h

theorem Eq.trans {α : Sort u} {a b c : α} (h₁ : Eq a b) (h₂ : Eq b c) : Eq a c :=
  Eq.rec (motive := fun x _ => Eq a x) h₁ h₂

theorem congrArg {α : Sort u} {β : Sort v} {a₁ a₂ : α} (f : α → β) (h : Eq a₁ a₂) : Eq (f a₁) (f a₂) :=
  Eq.rec (motive := fun x _ => Eq (f a₁) (f x)) rfl h

theorem Or.elim {a b c : Prop} (h : Or a b) (left : a → c) (right : b → c) : c :=
  Or.rec (motive := fun _ => c) left right h

theorem And.left {a b : Prop} (self : And a b) : a := And.rec (motive := fun _ => a) (fun h _ => h) self
theorem And.right {a b : Prop} (self : And a b) : b := And.rec (motive := fun _ => b) (fun _ h => h) self

theorem instDecidableAnd._proof_1 {p q : Prop} (hq : Not q) (h : And p q) : False := hq (And.right h)
theorem instDecidableAnd._proof_2 {p q : Prop} (hp : Not p) (h : And p q) : False := hp (And.left h)
theorem instDecidableOr._proof_1 {p q : Prop} (hp : Not p) (hq : Not q) (h : Or p q) : False := Or.elim h hp hq

theorem bool_ne {b : Bool} (h : Eq b true) (h' : Eq b false) : False :=
  Eq.rec (motive := fun x _ => Bool.rec (motive := fun _ => Prop) True False x) True.intro
    (Eq.trans (Eq.symm h') h)

theorem beq_self (n : Nat) : Bool.rec (motive := fun _ => Prop) False True (Nat.beq n n) :=
  Nat.rec (motive := fun n => Bool.rec (motive := fun _ => Prop) False True (Nat.beq n n)) True.intro
    (fun _ ih => ih) n

theorem noConfusion_of_Nat {α : Sort u} (f : α → Nat) {a b : α} (h : Eq a b) :
    Bool.rec (motive := fun _ => Prop) False True (Nat.beq (f a) (f b)) :=
  Eq.rec (motive := fun x _ => Bool.rec (motive := fun _ => Prop) False True (Nat.beq (f a) (f x)))
    (beq_self (f a)) h

theorem sizeOf_default {α : Sort u} (n : α) : Eq (@sizeOf α (instSizeOfDefault α) n) 0 := rfl

/-! ### Order of the natural numbers -/

theorem Nat.le_refl (n : Nat) : n ≤ n := Nat.le.refl
theorem Nat.lt_succ_self (n : Nat) : n < Nat.succ n := Nat.le.refl
theorem Nat.le_succ (n : Nat) : n ≤ Nat.succ n := Nat.le.step Nat.le.refl

theorem Nat.zero_le : (n : Nat) → 0 ≤ n
  | .zero => Nat.le.refl
  | .succ n => Nat.le.step (zero_le n)

theorem Nat.le_trans {n m k : Nat} (h₁ : n ≤ m) (h₂ : m ≤ k) : n ≤ k :=
  Nat.le.rec (motive := fun x _ => n ≤ x) h₁ (fun _ ih => Nat.le.step ih) h₂

theorem Nat.lt_of_lt_of_le {n m k : Nat} (h₁ : n < m) (h₂ : m ≤ k) : n < k := Nat.le_trans h₁ h₂

theorem Nat.succ_le_succ {n m : Nat} (h : n ≤ m) : Nat.succ n ≤ Nat.succ m :=
  Nat.le.rec (motive := fun x _ => Nat.succ n ≤ Nat.succ x) Nat.le.refl (fun _ ih => Nat.le.step ih) h

theorem Nat.zero_lt_succ (n : Nat) : 0 < Nat.succ n := Nat.succ_le_succ (Nat.zero_le n)

theorem Nat.pred_le_pred {n m : Nat} (h : n ≤ m) : Nat.pred n ≤ Nat.pred m :=
  Nat.le.rec (motive := fun x _ => Nat.pred n ≤ Nat.pred x) Nat.le.refl
    (fun {x} _ ih => Nat.rec (motive := fun x => Nat.pred n ≤ Nat.pred x → Nat.pred n ≤ x) (fun h => h)
      (fun _ _ h => Nat.le.step h) x ih) h

theorem Nat.le_of_succ_le_succ {n m : Nat} (h : Nat.succ n ≤ Nat.succ m) : n ≤ m := Nat.pred_le_pred h
theorem Nat.le_of_lt_succ {n m : Nat} (h : n < Nat.succ m) : n ≤ m := Nat.le_of_succ_le_succ h

theorem Nat.not_succ_le_zero (n : Nat) (h : Nat.succ n ≤ 0) : False :=
  Nat.le.rec (motive := fun x _ => Nat.rec (motive := fun _ => Prop) False (fun _ _ => True) x)
    True.intro (fun _ _ => True.intro) h

theorem Nat.not_succ_le_self (n : Nat) : Nat.succ n ≤ n → False :=
  Nat.rec (motive := fun n => Nat.succ n ≤ n → False) (Nat.not_succ_le_zero 0)
    (fun _ ih h => ih (Nat.le_of_succ_le_succ h)) n

theorem Nat.lt_irrefl (n : Nat) : ¬ n < n := Nat.not_succ_le_self n

theorem Nat.eq_or_lt_of_le {n m : Nat} (h : n ≤ m) : Or (Eq n m) (n < m) :=
  Nat.le.rec (motive := fun x _ => Or (Eq n x) (n < x)) (Or.inl rfl)
    (fun h _ => Or.inr (Nat.succ_le_succ h)) h

theorem Nat.lt_or_ge (n m : Nat) : Or (n < m) (n ≥ m) :=
  Nat.rec (motive := fun m => Or (n < m) (n ≥ m)) (Or.inr (Nat.zero_le n))
    (fun m ih => Or.elim ih (fun h => Or.inl (Nat.le.step h)) (fun h =>
      Or.elim (Nat.eq_or_lt_of_le h)
        (fun h => Or.inl (Eq.rec (motive := fun x _ => x < Nat.succ m) (Nat.lt_succ_self m) h))
        (fun h => Or.inr h))) m

theorem Nat.lt_of_not_le {n m : Nat} (h : ¬ n ≤ m) : m < n :=
  Or.elim (Nat.lt_or_ge m n) (fun h => h) (fun h' => False.elim (h h'))

theorem Nat.sub_le (n m : Nat) : n - m ≤ n :=
  Nat.rec (motive := fun m => n - m ≤ n) Nat.le.refl
    (fun m ih => Nat.le_trans (pred_le (n - m)) ih) m
where pred_le (n : Nat) : Nat.pred n ≤ n :=
  Nat.rec (motive := fun n => Nat.pred n ≤ n) Nat.le.refl (fun n _ => Nat.le_succ n) n

theorem Nat.succ_sub_succ_eq_sub (n m : Nat) : Eq (Nat.succ n - Nat.succ m) (n - m) :=
  Nat.rec (motive := fun m => Eq (Nat.succ n - Nat.succ m) (n - m)) rfl
    (fun _ ih => congrArg Nat.pred ih) m

theorem Nat.sub_lt {n m : Nat} (hn : 0 < n) (hm : 0 < m) : n - m < n :=
  Nat.rec (motive := fun n => 0 < n → n - m < n) (fun h => False.elim (Nat.lt_irrefl 0 h))
    (fun n _ _ => Nat.rec (motive := fun m => 0 < m → Nat.succ n - m < Nat.succ n)
      (fun h => False.elim (Nat.lt_irrefl 0 h))
      (fun m _ _ => Eq.rec (motive := fun x _ => x < Nat.succ n) (Nat.succ_le_succ (Nat.sub_le n m))
        (Eq.symm (Nat.succ_sub_succ_eq_sub n m))) m hm) n hn

theorem Nat.div_rec_lemma {x y : Nat} (h : And (0 < y) (y ≤ x)) : x - y < x :=
  Nat.sub_lt (Nat.lt_of_lt_of_le h.left h.right) h.left

theorem Nat.div_rec_fuel_lemma {x y fuel : Nat} (hy : 0 < y) (hle : y ≤ x) (hfuel : x < fuel + 1) :
    x - y < fuel :=
  Nat.lt_of_lt_of_le (Nat.div_rec_lemma (And.intro hy hle)) (Nat.le_of_lt_succ hfuel)

/-! ### Decisions -/

theorem Nat.eq_of_beq_eq_true : {n m : Nat} → Eq (Nat.beq n m) true → Eq n m
  | .zero, .zero, _ => rfl
  | .zero, .succ _, h => False.elim (bool_ne h rfl)
  | .succ _, .zero, h => False.elim (bool_ne h rfl)
  | .succ _, .succ _, h => congrArg Nat.succ (eq_of_beq_eq_true h)

theorem Nat.ne_of_beq_eq_false {n m : Nat} (h : Eq (Nat.beq n m) false) : Not (Eq n m) := fun e =>
  Eq.rec (motive := fun x _ => Eq (Nat.beq n x) false → False)
    (Nat.rec (motive := fun n => Eq (Nat.beq n n) false → False) (fun h => bool_ne rfl h) (fun _ ih => ih) n) e h

theorem Nat.le_of_ble_eq_true : {n m : Nat} → (h : Eq (Nat.ble n m) true) → n ≤ m
  | .zero, m, _ => Nat.zero_le m
  | .succ _, .zero, h => False.elim (bool_ne h rfl)
  | .succ _, .succ _, h => Nat.succ_le_succ (le_of_ble_eq_true h)

theorem Nat.ble_self_eq_true (n : Nat) : Eq (Nat.ble n n) true :=
  Nat.rec (motive := fun n => Eq (Nat.ble n n) true) rfl (fun _ ih => ih) n

theorem Nat.ble_succ_eq_true : {n m : Nat} → Eq (Nat.ble n m) true → Eq (Nat.ble n (Nat.succ m)) true
  | .zero, _, _ => rfl
  | .succ _, .zero, h => False.elim (bool_ne h rfl)
  | .succ n, .succ _, h => ble_succ_eq_true (n := n) h

theorem Nat.ble_eq_true_of_le {n m : Nat} (h : n ≤ m) : Eq (Nat.ble n m) true :=
  Nat.le.rec (motive := fun x _ => Eq (Nat.ble n x) true) (Nat.ble_self_eq_true n)
    (fun _ ih => Nat.ble_succ_eq_true ih) h

theorem Nat.not_le_of_not_ble_eq_true {n m : Nat} (h : Not (Eq (Nat.ble n m) true)) : Not (n ≤ m) :=
  fun h' => h (Nat.ble_eq_true_of_le h')

theorem of_decide_eq_true {p : Prop} [inst : Decidable p] (h : Eq (decide p) true) : p :=
  Decidable.rec (motive := fun d => Eq (@decide p d) true → p) (fun _ h => False.elim (bool_ne h rfl))
    (fun h _ => h) inst h

/-! ### Addition -/

theorem Nat.zero_add : ∀ (n : Nat), 0 + n = n
  | .zero => rfl
  | .succ n => congrArg Nat.succ (zero_add n)

theorem Nat.succ_add : ∀ (n m : Nat), Nat.succ n + m = Nat.succ (n + m)
  | _, .zero => rfl
  | n, .succ m => congrArg Nat.succ (succ_add n m)

theorem Nat.add_comm : ∀ (n m : Nat), n + m = m + n
  | n, .zero => Eq.symm (Nat.zero_add n)
  | n, .succ m => Eq.trans (congrArg Nat.succ (add_comm n m)) (Eq.symm (Nat.succ_add m n))

theorem Nat.sub_le_of_le_add {a b c : Nat} (h : a ≤ c + b) : a - b ≤ c :=
  Nat.rec (motive := fun b => a ≤ c + b → a - b ≤ c) (fun h => h)
    (fun b ih h => step b ih h) b h
where
  pred_sub (a b : Nat) : Eq (Nat.pred (a - b)) (Nat.pred a - b) :=
    Nat.rec (motive := fun b => Eq (Nat.pred (a - b)) (Nat.pred a - b)) rfl (fun _ ih => congrArg Nat.pred ih) b
  step (b : Nat) (ih : a ≤ c + b → a - b ≤ c) (h : a ≤ Nat.succ (c + b)) : Nat.pred (a - b) ≤ c :=
    Or.elim (Nat.eq_or_lt_of_le h)
      (fun e => Eq.rec (motive := fun x _ => Nat.pred (x - b) ≤ c)
        (Eq.rec (motive := fun x _ => x ≤ c) (add_sub c b) (Eq.symm (pred_sub (Nat.succ (c + b)) b))) (Eq.symm e))
      (fun l => Nat.le_trans (Nat.sub_le.pred_le (a - b)) (ih (Nat.le_of_succ_le_succ l)))
  add_sub (c b : Nat) : c + b - b ≤ c :=
    Nat.rec (motive := fun b => c + b - b ≤ c) Nat.le.refl
      (fun b ih => Eq.rec (motive := fun x _ => x ≤ c) ih (Eq.symm (Nat.succ_sub_succ_eq_sub (c + b) b))) b

theorem Nat.shiftRight_succ (m n : Nat) : m >>> (n + 1) = (m >>> n) / 2 := rfl

/-! ### Division -/

theorem dite_lt {c : Prop} {y : Nat} (d : Decidable c) {t : c → Nat} {e : ¬ c → Nat} (ht : ∀ h, t h < y)
    (he : ∀ h, e h < y) : @dite Nat c d t e < y :=
  Decidable.rec (motive := fun d => @dite Nat c d t e < y) he ht d

theorem modCore_go_lt (y : Nat) (hy : 0 < y) (fuel : Nat) :
    ∀ (x : Nat) (h : x < fuel), Nat.modCore.go y hy fuel x h < y :=
  Nat.rec (motive := fun fuel => ∀ (x : Nat) (h : x < fuel), Nat.modCore.go y hy fuel x h < y)
    (fun x h => False.elim (Nat.not_succ_le_zero x h))
    (fun _ ih x _ => dite_lt (Nat.decLe y x) (fun _ => ih _ _) (fun h => Nat.lt_of_not_le h)) fuel

theorem modCore_lt (x y : Nat) (hy : 0 < y) : Nat.modCore x y < y :=
  by with_unfolding_all exact (
    dite_lt (t := fun h => Nat.modCore.go y h (Nat.succ x) x (Nat.lt_succ_self x)) (e := fun _ => x) (Nat.decLt 0 y)
      (fun h => modCore_go_lt y h (Nat.succ x) x (Nat.lt_succ_self x)) (fun h => False.elim (h hy)))

theorem Nat.mod_lt (x : Nat) {y : Nat} (hy : 0 < y) : x % y < y :=
  Nat.rec (motive := fun x => x % y < y) hy
    (fun x _ => dite_lt (y := y) (Nat.decLe y (Nat.succ x)) (fun _ => modCore_lt (Nat.succ x) y hy)
      (fun h => Nat.lt_of_not_le h)) x

/-! ### Bit vectors, strings -/

theorem pos_add (x : Nat) {n : Nat} (h : 0 < n) : 0 < x + n :=
  Nat.rec (motive := fun n => 0 < n → 0 < x + n) (fun h => False.elim (Nat.lt_irrefl 0 h))
    (fun n _ _ => Nat.zero_lt_succ (x + n)) n h

theorem BitVec.ofNat._proof_1 (n : Nat) : 0 < 2 ^ n :=
  Nat.rec (motive := fun n => 0 < 2 ^ n) Nat.le.refl (fun n ih => pos_add (0 + 2 ^ n) ih) n

theorem String.ofList._proof_1 (data : List Char) : ByteArray.IsValidUTF8 (List.utf8Encode data) :=
  ByteArray.IsValidUTF8.intro data rfl

/-! ### Lists and arrays -/

theorem List.append_assoc {α : Type u} (as bs cs : List α) : (as ++ bs) ++ cs = as ++ (bs ++ cs) :=
  List.rec (motive := fun as => (as ++ bs) ++ cs = as ++ (bs ++ cs)) rfl
    (fun a _ ih => congrArg (List.cons a) ih) as

theorem List.append_nil {α : Type u} (as : List α) : as ++ [] = as :=
  List.rec (motive := fun as => as ++ [] = as) rfl (fun a _ ih => congrArg (List.cons a) ih) as

theorem List.length_append {α : Type u} {as bs : List α} : (as ++ bs).length = as.length + bs.length :=
  List.rec (motive := fun as => Eq (as ++ bs).length (as.length + bs.length))
    (show Eq (([] : List α) ++ bs).length (([] : List α).length + bs.length) from Eq.symm (Nat.zero_add bs.length))
    (fun _ as ih => Eq.trans (congrArg Nat.succ ih) (Eq.symm (Nat.succ_add as.length bs.length))) as

theorem List.get._proof_1 {α : Type u} (head : α) (as : List α) (i : Nat)
    (h : Nat.succ i < (head :: as).length) : Nat.succ i ≤ as.length := Nat.le_of_succ_le_succ h

theorem Array.foldlM.loop._proof_1 {α : Type u} (as : Array α) (stop : Nat) (h : stop ≤ as.size) (j : Nat)
    (hlt : j < stop) : j < as.size := Nat.lt_of_lt_of_le hlt h

theorem Array.forIn'._proof_2 {α : Type u} (as : Array α) : as.size ≤ as.size := Nat.le_refl as.size

theorem drop_length {α : Type u} (l : List α) : List.drop l.length l = [] :=
  List.rec (motive := fun l => List.drop l.length l = []) rfl (fun _ _ ih => ih) l

theorem drop_get {α : Type u} (l : List α) : ∀ (j : Nat) (h : j < l.length),
    List.drop j l = l.get ⟨j, h⟩ :: List.drop (Nat.succ j) l :=
  List.rec (motive := fun l => ∀ (j : Nat) (h : j < l.length), List.drop j l = l.get ⟨j, h⟩ :: List.drop (Nat.succ j) l)
    (fun j h => False.elim (Nat.not_succ_le_zero j h))
    (fun a l ih j => Nat.rec (motive := fun j => ∀ (h : j < (a :: l).length),
        List.drop j (a :: l) = (a :: l).get ⟨j, h⟩ :: List.drop (Nat.succ j) (a :: l))
      (fun _ => rfl) (fun j _ h => ih j (Nat.le_of_succ_le_succ h)) j) l

theorem List.concat_eq_append {α : Type u} {as : List α} {a : α} : as.concat a = as ++ [a] :=
  List.rec (motive := fun as => List.concat as a = as ++ [a]) rfl (fun b _ ih => congrArg (List.cons b) ih) as

theorem dite_toList {α : Type u} {c : Prop} {l : List α} (d : Decidable c) {t : c → Array α} {e : ¬ c → Array α}
    (ht : ∀ h, (t h).toList = l) (he : ∀ h, (e h).toList = l) : (@dite (Array α) c d t e).toList = l :=
  Decidable.rec (motive := fun d => (@dite (Array α) c d t e).toList = l) he ht d

/-- The loop that pushes the elements from `j` on. -/
theorem loop_toList {α : Type u} (as : Array α) (fuel : Nat) : ∀ (j : Nat) (b : Array α),
    Eq as.size (j + fuel) →
    (Array.foldlM.loop (m := Id) (fun xs v => pure (Array.push xs v)) as as.size (Array.forIn'._proof_2 as) fuel j b).toList
      = b.toList ++ List.drop j as.toList :=
  Nat.rec (motive := fun fuel => ∀ (j : Nat) (b : Array α), Eq as.size (j + fuel) →
      (Array.foldlM.loop (m := Id) (fun xs v => pure (Array.push xs v)) as as.size (Array.forIn'._proof_2 as) fuel j b).toList
        = b.toList ++ List.drop j as.toList)
    (fun j b h =>
      have nil : b.toList = b.toList ++ List.drop j as.toList :=
        Eq.trans (Eq.symm (List.append_nil b.toList))
          (congrArg (fun l => b.toList ++ l)
            (Eq.rec (motive := fun x _ => [] = List.drop x as.toList) (Eq.symm (drop_length as.toList)) h))
      dite_toList (Nat.decLt j as.size) (fun _ => nil) (fun _ => nil))
    (fun fuel ih j b h =>
      have lt : j < as.size := Eq.rec (motive := fun x _ => j < x) (le_add j fuel) (Eq.symm h)
      dite_toList (Nat.decLt j as.size)
        (fun lt => Eq.trans (ih (Nat.succ j) (Array.push b (as[j]'lt)) (Eq.trans h (Eq.symm (Nat.succ_add j fuel))))
          (Eq.trans (congrArg (fun l => l ++ List.drop (Nat.succ j) as.toList)
              (List.concat_eq_append (as := b.toList) (a := as[j]'lt)))
            (Eq.trans (List.append_assoc b.toList [as[j]'lt] (List.drop (Nat.succ j) as.toList))
              (congrArg (fun l => b.toList ++ l) (Eq.symm (drop_get as.toList j lt))))))
        (fun ge => False.elim (ge lt))) fuel
where le_add (j fuel : Nat) : j < j + Nat.succ fuel :=
  Nat.rec (motive := fun fuel => j < j + Nat.succ fuel) (Nat.lt_succ_self j) (fun _ ih => Nat.le.step ih) fuel

theorem sub_zero (n : Nat) : Eq n (0 + (n - 0)) := Eq.symm (Nat.zero_add n)

theorem Array.toList_append {α : Type u} {xs ys : Array α} : (xs ++ ys).toList = xs.toList ++ ys.toList :=
  dite_toList (l := xs.toList ++ ys.toList) (Nat.decLe ys.size ys.size)
    (fun _ => loop_toList ys (ys.size - 0) 0 xs (sub_zero ys.size))
    (fun _ => loop_toList ys (ys.size - 0) 0 xs (sub_zero ys.size))

theorem Array.ext' {α : Type u} {xs ys : Array α} (h : xs.toList = ys.toList) : xs = ys :=
  congrArg Array.mk h

theorem Array.append_assoc {α : Type u} {xs ys zs : Array α} : xs ++ ys ++ zs = xs ++ (ys ++ zs) :=
  Array.ext'
    (Eq.trans (Array.toList_append (xs := xs ++ ys) (ys := zs))
      (Eq.trans (congrArg (fun l => l ++ zs.toList) (Array.toList_append (xs := xs) (ys := ys)))
        (Eq.trans (List.append_assoc xs.toList ys.toList zs.toList)
          (Eq.trans (congrArg (fun l => xs.toList ++ l) (Eq.symm (Array.toList_append (xs := ys) (ys := zs))))
            (Eq.symm (Array.toList_append (xs := xs) (ys := ys ++ zs)))))))

theorem Array.size_append {α : Type u} {xs ys : Array α} : (xs ++ ys).size = xs.size + ys.size :=
  Eq.trans (congrArg List.length (Array.toList_append (xs := xs) (ys := ys))) List.length_append

theorem Vector.append._proof_1 {α : Type u} {n m : Nat} (xs : Vector α n) (ys : Vector α m) :
    Array.size (Vector.toArray xs ++ Vector.toArray ys) = n + m :=
  Eq.trans Array.size_append
    (Eq.trans (congrArg (fun x => x + ys.toArray.size) xs.size_toArray) (congrArg (fun x => n + x) ys.size_toArray))

theorem Vector.size_toArray {α : Type u} {n : Nat} (self : Vector α n) : self.toArray.size = n :=
  Vector.rec (motive := fun v => v.toArray.size = n) (fun _ h => h) self

/-! ### Well-founded recursion -/

theorem WellFounded.apply {α : Sort u} {r : α → α → Prop} (wf : WellFounded r) (a : α) : Acc r a :=
  WellFounded.rec (motive := fun _ => ∀ a, Acc r a) (fun h => h) wf a

theorem Acc.inv {α : Sort u} {r : α → α → Prop} {x y : α} (h₁ : Acc r x) (h₂ : r y x) : Acc r y :=
  Acc.rec (motive := fun x _ => r y x → Acc r y) (fun _ h _ h₂ => h y h₂) h₁ h₂

theorem WellFounded.Nat.fix.go._proof_1 : type_of% @_root_.WellFounded.Nat.fix.go._proof_1.{u} :=
  fun h x hfuel => Nat.not_succ_le_zero (h x) hfuel

theorem WellFounded.Nat.fix.go._proof_2 : type_of% @_root_.WellFounded.Nat.fix.go._proof_2.{u} :=
  fun _ _ _ hfuel _ hy => Nat.le_trans hy (Nat.le_of_lt_succ hfuel)

theorem lt_ite {c : Prop} (d : Decidable c) {n m : Nat} (h : n < m) : n < @ite Nat c d m m :=
  Decidable.rec (motive := fun d => n < @ite Nat c d m m) (fun _ => h) (fun _ => h) d

theorem WellFounded.Nat.fix._proof_1 : type_of% @_root_.WellFounded.Nat.fix._proof_1.{u} :=
  fun h x => lt_ite (instDecidableEqBool (Nat.beq (h x + 1) (h x + 1)) true) (Nat.lt_succ_self (h x))

/-! ### Strings -/

theorem String.isValidUTF8 (self : String) : self.toByteArray.IsValidUTF8 :=
  String.rec (motive := fun s => s.toByteArray.IsValidUTF8) (fun _ h => h) self

theorem Char.ofNatAux._private_1 : type_of% @_root_.Char.ofNatAux._private_1 :=
  fun _ h => Or.elim h (fun h => Nat.le_trans h (Nat.le_of_ble_eq_true rfl))
    (fun h => Nat.le_trans (And.right h) (Nat.le_of_ble_eq_true rfl))

theorem Char.ofNat._proof_1 : type_of% @_root_.Char.ofNat._proof_1 := Nat.le_of_ble_eq_true rfl
theorem Char.ofNat._proof_2 : type_of% @_root_.Char.ofNat._proof_2 := Or.inl (Nat.zero_lt_succ 55295)

theorem toByteArray_loop (l : List UInt8) : ∀ r : ByteArray,
    (List.toByteArray.loop l r).data.toList = r.data.toList ++ l :=
  List.rec (motive := fun l => ∀ r : ByteArray, (List.toByteArray.loop l r).data.toList = r.data.toList ++ l)
    (fun r => Eq.symm (List.append_nil r.data.toList))
    (fun b l ih r => Eq.trans (ih (ByteArray.push r b))
      (Eq.trans (congrArg (fun k => k ++ l) (List.concat_eq_append (as := r.data.toList) (a := b)))
        (List.append_assoc r.data.toList [b] l))) l

theorem flatMap_append {α : Type u} {β : Type v} (f : α → List β) (as bs : List α) :
    List.flatMap f (as ++ bs) = List.flatMap f as ++ List.flatMap f bs :=
  List.rec (motive := fun as => List.flatMap f (as ++ bs) = List.flatMap f as ++ List.flatMap f bs) rfl
    (fun a as ih => Eq.trans (congrArg (fun l => f a ++ l) ih)
      (Eq.symm (List.append_assoc (f a) (List.flatMap f as) (List.flatMap f bs)))) as

theorem utf8Encode_toList (l : List Char) :
    (List.utf8Encode l).data.toList = List.flatMap String.utf8EncodeChar l :=
  toByteArray_loop (List.flatMap String.utf8EncodeChar l) ByteArray.empty

theorem utf8Encode_append (l k : List Char) :
    List.utf8Encode l ++ List.utf8Encode k = List.utf8Encode (l ++ k) :=
  congrArg (fun bytes => ByteArray.mk (Array.mk bytes))
    (Eq.trans (congrArg (fun x => x ++ (List.utf8Encode k).data.toList) (utf8Encode_toList l))
      (Eq.trans (congrArg (fun x => List.flatMap String.utf8EncodeChar l ++ x) (utf8Encode_toList k))
        (Eq.trans (Eq.symm (flatMap_append String.utf8EncodeChar l k)) (Eq.symm (utf8Encode_toList (l ++ k))))))

theorem valid_append {a b : ByteArray} (ha : a.IsValidUTF8) (hb : b.IsValidUTF8) : (a ++ b).IsValidUTF8 :=
  ByteArray.IsValidUTF8.rec (motive := fun _ => (a ++ b).IsValidUTF8)
    (fun l hl => ByteArray.IsValidUTF8.rec (motive := fun _ => (a ++ b).IsValidUTF8)
      (fun k hk => ByteArray.IsValidUTF8.intro (l ++ k)
        (Eq.trans (congrArg (fun x => x ++ b) hl)
          (Eq.trans (congrArg (fun x => List.utf8Encode l ++ x) hk) (utf8Encode_append l k)))) hb) ha

theorem String.append._proof_1 (s t : String) : ByteArray.IsValidUTF8 (s.toByteArray ++ t.toByteArray) :=
  valid_append s.isValidUTF8 t.isValidUTF8

opaque String.Internal.append : String → String → String

/-! ### Definitions whose bodies the public part hides -/

theorem Nat.pos_of_ne_zero {n : Nat} : n ≠ 0 → 0 < n :=
  Nat.rec (motive := fun n => n ≠ 0 → 0 < n) (fun h => False.elim (h rfl)) (fun n _ _ => Nat.zero_lt_succ n) n

theorem div_go_le (y : Nat) (hy : 0 < y) (fuel : Nat) :
    ∀ (x : Nat) (h : x < fuel), Nat.div.go y hy fuel x h < Nat.succ x :=
  Nat.rec (motive := fun fuel => ∀ (x : Nat) (h : x < fuel), Nat.div.go y hy fuel x h < Nat.succ x)
    (fun x h => False.elim (Nat.not_succ_le_zero x h))
    (fun _ ih x _ => dite_lt (Nat.decLe y x)
      (fun le => Nat.succ_le_succ (Nat.le_trans (ih (x - y) _) (Nat.div_rec_lemma (And.intro hy le))))
      (fun _ => Nat.zero_lt_succ x)) fuel

theorem div_two_go_lt (fuel : Nat) : ∀ (x : Nat) (h : x < fuel), 0 < x →
    Nat.div.go 2 (Nat.zero_lt_succ 1) fuel x h < x :=
  Nat.rec (motive := fun fuel => ∀ (x : Nat) (h : x < fuel), 0 < x →
      Nat.div.go 2 (Nat.zero_lt_succ 1) fuel x h < x)
    (fun x h => False.elim (Nat.not_succ_le_zero x h))
    (fun fuel _ x h pos => dite_lt (Nat.decLe 2 x)
      (fun le => Nat.rec (motive := fun x => ∀ (h : x - 2 < fuel), 2 ≤ x →
          Nat.div.go 2 (Nat.zero_lt_succ 1) fuel (x - 2) h + 1 < x)
        (fun _ le => False.elim (Nat.not_succ_le_zero 1 le))
        (fun x _ => Nat.rec (motive := fun x => ∀ (h : Nat.succ x - 2 < fuel), 2 ≤ Nat.succ x →
            Nat.div.go 2 (Nat.zero_lt_succ 1) fuel (Nat.succ x - 2) h + 1 < Nat.succ x)
          (fun _ le => False.elim (Nat.not_succ_le_zero 0 (Nat.le_of_succ_le_succ le)))
          (fun x _ h _ => Nat.succ_le_succ (div_go_le 2 (Nat.zero_lt_succ 1) fuel x h)) x) x
        (Nat.div_rec_fuel_lemma (Nat.zero_lt_succ 1) le h) le)
      (fun _ => pos)) fuel

theorem div_two_lt (n : Nat) (h : n ≠ 0) : n / 2 < n :=
  by with_unfolding_all exact (
    div_two_go_lt (Nat.succ n) n (Nat.lt_succ_self n) (Nat.pos_of_ne_zero h))

def Nat.gcd (m n : Nat) : Nat :=
  if h : m = 0 then n else Nat.gcd (n % m) m
termination_by m
decreasing_by exact Nat.mod_lt n (Nat.pos_of_ne_zero h)

def Nat.bitwise (f : Bool → Bool → Bool) (n m : Nat) : Nat :=
  if h : n = 0 then cond (f false true) m 0
  else if m = 0 then cond (f true false) n 0
  else cond (f (decide (n % 2 = 1)) (decide (m % 2 = 1)))
    (Nat.bitwise f (n / 2) (m / 2) + Nat.bitwise f (n / 2) (m / 2) + 1)
    (Nat.bitwise f (n / 2) (m / 2) + Nat.bitwise f (n / 2) (m / 2))
termination_by n
decreasing_by all_goals exact div_two_lt n h

def Nat.land : Nat → Nat → Nat := Nat.bitwise and
def Nat.lor : Nat → Nat → Nat := Nat.bitwise or
def Nat.xor : Nat → Nat → Nat := Nat.bitwise bne

end Proved
