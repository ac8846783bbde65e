module
@[expose] public noncomputable section
set_option linter.unusedVariables false
namespace T03Decide
set_option exponentiation.threshold 100000
set_option maxRecDepth 100000
theorem d1 : ∀ i < 50, i * i < 2500 := by decide
theorem d2 : ∀ x : Fin 30, x.val < 30 := by decide
theorem d3 : ∀ x y : Fin 8, x + y = y + x := by decide
theorem d4 : ∀ x y z : Fin 4, (x + y) * z = x * z + y * z := by decide
theorem d5 : ∀ x : Bool, ∀ y : Bool, ∀ z : Bool, (x ^^ y) ^^ z = x ^^ (y ^^ z) := by decide
theorem d6 : 2 ^ 1000 % 1000007 = 783922 ∧ 2 ^ 1000 > 10 ^ 301 := by decide
theorem d7 : Nat.gcd (2 ^ 100 - 1) (2 ^ 60 - 1) = 2 ^ 20 - 1 := by decide
theorem d8 : (List.range 40).foldl (· + ·) 0 = 780 := by decide
theorem d9 : (List.range 100).length = 100 := by decide +kernel
theorem d10 : ¬ ∃ i, i < 40 ∧ i * i = 50 := by decide
theorem d11 : ∃ x : Fin 20, x.val * x.val = 144 := by decide
def isPrime (n : Nat) : Prop := 2 ≤ n ∧ ∀ m < n, 2 ≤ m → n % m ≠ 0
instance (n : Nat) : Decidable (isPrime n) := by unfold isPrime; infer_instance
theorem prime97 : isPrime 97 := by decide
theorem prime_not91 : ¬ isPrime 91 := by decide
theorem prime211 : isPrime 211 := by decide +kernel
def powMod (b e m : Nat) : Nat :=
  if h : e = 0 then 1 % m else
    let r := powMod (b * b % m) (e / 2) m
    if e % 2 = 1 then b * r % m else r
termination_by e
def powModF (m : Nat) : Nat → Nat → Nat → Nat
  | 0, _, _ => 1 % m
  | f + 1, b, e => if e = 0 then 1 % m else
      let r := powModF m f (b * b % m) (e / 2)
      if e % 2 = 1 then b * r % m else r
theorem pm1 : powModF 1000000007 40 2 1000000006 = 1 := by decide
theorem pm2 : powModF (2 ^ 127 - 1) 130 3 (2 ^ 127 - 2) = 1 := by decide +kernel
def fact : Nat → Nat | 0 => 1 | n + 1 => (n + 1) * fact n
theorem fact20 : fact 20 = 2432902008176640000 := by decide
theorem fact100 : fact 100 % 10 ^ 24 = 0 := by decide +kernel
theorem fact200 : fact 200 % 10 ^ 49 = 0 ∧ fact 200 % 10 ^ 50 ≠ 0 := by decide +kernel
theorem fact50rfl : fact 50 = 30414093201713378043612608166064768844377641568960512000000000000 := rfl
theorem bits1 : (0xdeadbeef &&& 0xffff) ||| 0x10000 = 0x1beef := by decide
theorem bits2 : (12345678901234567890 ^^^ 98765432109876543210) >>> 7 = (12345678901234567890 ^^^ 98765432109876543210) / 128 := by decide
theorem bits3 : Nat.log2 (2 ^ 500 + 17) = 500 := by decide
theorem bits4 : Nat.testBit 0b1011010 3 = true := by decide
theorem int1 : ((-7 : Int) / 2, (-7 : Int) % 2) = (-4, 1) := by decide
theorem int2 : Int.tdiv (-7) 2 = -3 ∧ Int.fmod (-7) 2 = 1 ∧ Int.emod 7 (-2) = 1 := by decide
theorem int3 : (12345678901234567890 : Int) * (-98765432109876543210) + 1 < 0 := by decide
theorem int4 : ∀ x ∈ [(-3 : Int), -2, -1, 0, 1, 2, 3], x * x * x - x = (x - 1) * x * (x + 1) := by decide
theorem int5 : Int.gcd (-12) 18 = 6 ∧ Int.lcm (-4) 6 = 12 := by decide
theorem bv1 : ∀ x : BitVec 4, x &&& x = x := by decide
theorem bv2 : (0xff#8 + 1#8) = 0#8 ∧ (0x80#8).toInt = -128 := by decide
theorem bv3 : (0x12#8 ++ 0x34#8) = 0x1234#16 ∧ (0x1234#16).extractLsb 7 0 = 0x34#8 := by decide
theorem bv4 : BitVec.rotateLeft 0x81#8 1 = 0x03#8 := by decide
theorem bv5 : (0xf0#8).sshiftRight 2 = 0xfc#8 ∧ (0xf0#8).ushiftRight 2 = 0x3c#8 := by decide
theorem bv6 : ∀ x y : BitVec 3, x - y = x + -y := by decide
theorem bv7 : BitVec.sdiv 0xf9#8 0x02#8 = 0xfd#8 ∧ BitVec.slt 0xf9#8 0x02#8 = true := by decide
theorem u1 : (255 : UInt8) + 1 = 0 := by decide
theorem u2 : (0xffffffff : UInt32) * 0xffffffff = 1 := by decide
theorem u3 : (1 : UInt64) <<< 63 >>> 62 = 2 := by decide
theorem u4 : ((-1 : Int8).toInt = -1) ∧ (127 : Int8) + 1 = -128 := by decide
theorem u5 : (300 : Nat).toUInt8 = 44 := by decide
theorem c1 : 'a'.toNat = 97 ∧ 'λ'.toNat = 955 ∧ Char.ofNat 0x1F600 = '😀' := by decide
theorem c2 : 'a'.isAlpha ∧ '9'.isDigit ∧ ¬ 'z'.isUpper := by decide
theorem c3 : 'q'.toUpper = 'Q' := by decide
theorem s1 : "abc" ++ "def" = "abcdef" := by decide
theorem s2 : "abc" ≠ "abd" := by decide
theorem s3 : "hello".length = 5 := by decide
theorem s4 : "hello".toList = ['h', 'e', 'l', 'l', 'o'] := by decide
theorem s5 : String.ofList ['x', 'y'] = "xy" := by decide
theorem s6 : "aλb".utf8ByteSize = 4 := by decide
theorem s7 : "abc" < "abd" := by decide
theorem s8 : "" = String.ofList [] := rfl
theorem s9 : ("key", 3) ∈ [("a", 1), ("key", 3)] := by decide
theorem s10 : [1, 2, 3] < [1, 3] := by decide
theorem l1 : [3, 1, 2].insertIdx 1 5 = [3, 1, 2].insertIdx 1 5 := by decide
theorem l2 : [1, 2, 3].Nodup ∧ [1, 2] <+: [1, 2, 3] := by decide
theorem l3 : List.Perm [1, 2, 3] [3, 1, 2] := by decide
theorem l4 : #[1, 2, 3].toList.map (· * 2) = [2, 4, 6] := by decide
theorem l5 : #[1, 2, 3][1]! = 2 ∧ #[1, 2, 3].size = 3 := by decide
theorem l6 : (#v[1, 2, 3] : Vector Nat 3).toList = [1, 2, 3] := by decide
theorem l7 : ∀ xs ∈ [[1], [2, 3], []], xs.length ≤ 2 := by decide
theorem opt1 : (some 3 : Option Nat) ≠ none ∧ (some 3).map (· + 1) = some 4 := by decide
theorem pigeon : ∀ f : Fin 3 → Fin 2, ∃ i j, i ≠ j ∧ f i = f j := by
  intro f; revert f
  have : ∀ a b c : Fin 2, a = b ∨ b = c ∨ a = c := by decide
  intro f; rcases this (f 0) (f 1) (f 2) with h | h | h
  · exact ⟨0, 1, by decide, h⟩
  · exact ⟨1, 2, by decide, h⟩
  · exact ⟨0, 2, by decide, h⟩
instance decBall (n : Nat) (p : Nat → Prop) [DecidablePred p] : Decidable (∃ i, i ≤ n ∧ p i) := by
  induction n with
  | zero => exact if h : p 0 then .isTrue ⟨0, by simp, h⟩ else .isFalse (by rintro ⟨i, hi, hp⟩; have := Nat.le_zero.mp hi; subst this; exact h hp)
  | succ n ih => exact match ih with
    | .isTrue h => .isTrue (by obtain ⟨i, hi, hp⟩ := h; exact ⟨i, by omega, hp⟩)
    | .isFalse h => if h2 : p (n + 1) then .isTrue ⟨n + 1, by omega, h2⟩ else .isFalse (by
        rintro ⟨i, hi, hp⟩; by_cases e : i = n + 1
        · subst e; exact h2 hp
        · exact h ⟨i, by omega, hp⟩)
theorem squares : ∃ i, i ≤ 30 ∧ i * i = 625 := by decide
theorem collatz : ∃ i, i ≤ 20 ∧ (Nat.repeat (fun x => if x % 2 = 0 then x / 2 else 3 * x + 1) i 9) = 1 := by decide +kernel
theorem fin_inj : ∀ x y : Fin 12, 5 * x = 5 * y → x = y := by decide
theorem quad : ∀ x : Fin 13, x * x ≠ 2 := by decide
theorem dvd : 7 ∣ 10 ^ 12 - 1 := by decide
theorem wilson : fact 12 % 13 = 12 := by decide
theorem nested : ∀ x : Fin 5, ∃ y : Fin 5, x + y = 0 := by decide
theorem huge : (10 ^ 100 + 1) * (10 ^ 100 - 1) = 10 ^ 200 - 1 := by decide
theorem huge2 : 3 ^ 200 % 7 = 2 := by decide
theorem huge3 : (2 ^ 2000) / (2 ^ 1990) = 1024 := by decide
end T03Decide
