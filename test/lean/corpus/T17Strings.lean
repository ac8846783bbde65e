module
@[expose] public noncomputable section
set_option linter.unusedVariables false
set_option maxRecDepth 100000
namespace T17Strings
def lorem : String := "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris."
theorem lorem_ne : lorem ≠ lorem ++ "." := by decide +kernel
theorem lorem_eq : lorem = "Lorem ipsum dolor sit amet, " ++ "consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. " ++ "Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris." := by decide +kernel
theorem s1 : "αβγ".length = 3 := by decide
theorem s2 : "αβγ".utf8ByteSize = 6 := by decide
theorem s3 : "αβγ".toList = ['α', 'β', 'γ'] := by decide
theorem s4 : "a\n\t\"\\" = String.ofList ['a', '\n', '\t', '"', '\\'] := by decide
theorem s5 : "😀".toList.map Char.toNat = [0x1F600] := by decide
theorem s6 : "abc".toList.reverse = "cba".toList := by decide
theorem s7 (s t : String) (h : s.toList = t.toList) : s = t := String.toList_inj.mp h
theorem s8 (s : String) : s ++ "" = s := by simp
theorem s9 (s t u : String) : s ++ t ++ u = s ++ (t ++ u) := String.append_assoc
theorem s10 : "x" ++ "y" = "xy" := rfl
theorem s11 : ("a", "b").1 = "a" := rfl
theorem s12 : "hello" ≠ "" := by decide
theorem s13 : ("abc" == "abc") = true := rfl
theorem s14 : ("abc" == "abd") = false := by decide
theorem s16 : compare "abc" "abd" = .lt := by decide
theorem s17 : String.singleton 'x' = "x" := by decide
theorem s18 : "ab".push 'c' = "abc" := by decide
theorem s20 : ['a', 'b'].asString = "ab" := by decide
theorem s26 : "a" < "b" := by decide
theorem s27 : ¬ ("b" < "a") := by decide
theorem s28 : "ab".hash = "ab".hash := rfl
theorem s29 : ['h', 'i'] = "hi".toList := rfl
theorem s30 : "hi".toByteArray.size = 2 := by decide
theorem c1 : 'a'.val = 97 := rfl
theorem c2 : ('a' < 'b') := by decide
theorem c3 : 'Z'.toLower = 'z' := by decide
theorem c4 : ∀ c ∈ "0123456789".toList, c.isDigit := by decide
theorem c5 : ("0123456789".toList.map fun c => c.toNat - '0'.toNat) = List.range 10 := by decide
theorem c6 (c : Char) : Char.ofNat c.toNat = c := by simp
theorem c7 (c : Char) (h : c.isDigit) : c.isAlphanum := by simp [Char.isAlphanum, h]
theorem c8 : Char.ofNat 0xD800 = Char.ofNat 0 := by decide
theorem c9 : 'a' ≠ 'b' := by decide
theorem c10 : (Char.ofNat 955) = 'λ' := rfl
theorem c11 : 'x'.isWhitespace = false ∧ ' '.isWhitespace = true := by decide
theorem c12 : ('a'.toNat + 1 |> Char.ofNat) = 'b' := by decide
def parseNat (cs : List Char) : Option Nat := if cs.isEmpty then none else cs.foldlM (fun n c => if c.isDigit then some (10 * n + (c.toNat - 48)) else none) 0
theorem parse1 : parseNat "31415926535".toList = some 31415926535 := by decide +kernel
theorem parse2 : parseNat "31a".toList = none := by decide
inductive Tok | num (n : Nat) | plus | times | lp | rp deriving DecidableEq, Repr
def lexN : Nat → List Char → Option (List Tok)
  | 0, _ => none
  | _, [] => some []
  | f + 1, c :: cs =>
    if c == ' ' then lexN f cs
    else if c == '+' then (Tok.plus :: ·) <$> lexN f cs
    else if c == '*' then (Tok.times :: ·) <$> lexN f cs
    else if c == '(' then (Tok.lp :: ·) <$> lexN f cs
    else if c == ')' then (Tok.rp :: ·) <$> lexN f cs
    else if c.isDigit then
      match lexN f cs, cs with
      | some (.num n :: ts), d :: _ => if d.isDigit then some (.num (n + (c.toNat - 48) * 10 ^ (toString n).length) :: ts) else some (.num (c.toNat - 48) :: .num n :: ts)
      | some ts, _ => some (.num (c.toNat - 48) :: ts)
      | none, _ => none
    else none
theorem lex1 : lexN 50 "1 + 2*(3+4)".toList = some [.num 1, .plus, .num 2, .times, .lp, .num 3, .plus, .num 4, .rp] := by decide +kernel
mutual
def pE : Nat → List Tok → Option (Nat × List Tok)
  | 0, _ => none
  | f + 1, ts => do
    let (a, r) ← pT f ts
    match r with | .plus :: r => do { let (b, r) ← pE f r; return (a + b, r) } | r => return (a, r)
def pT : Nat → List Tok → Option (Nat × List Tok)
  | 0, _ => none
  | f + 1, ts => do
    let (a, r) ← pF f ts
    match r with | .times :: r => do { let (b, r) ← pT f r; return (a * b, r) } | r => return (a, r)
def pF : Nat → List Tok → Option (Nat × List Tok)
  | 0, _ => none
  | f + 1, ts => match ts with
    | .num n :: r => some (n, r)
    | .lp :: r => do
      let (a, r) ← pE f r
      match r with | .rp :: r => return (a, r) | _ => none
    | _ => none
end
def caesar (k : Nat) (s : String) : String := String.ofList (s.toList.map fun c => if c.isLower then Char.ofNat ((c.toNat - 97 + k) % 26 + 97) else c)
theorem caesar_t : caesar 3 "hello, world" = "khoor, zruog" := by decide +kernel
theorem rot13 : caesar 13 (caesar 13 "attack at dawn") = "attack at dawn" := by decide +kernel
def isPal (s : String) : Bool := let l := s.toList.filter Char.isAlpha |>.map Char.toLower; l == l.reverse
theorem pal : isPal "A man, a plan, a canal: Panama" = true := by decide +kernel
def f1 : Float := 1.5
theorem f1_t : f1 = 1.5 := rfl
def f2 : Float := -2.75e10
theorem f2_t : f2 = f2 := rfl
def fa : FloatArray := ⟨#[1.0, 2.0]⟩
def ba : ByteArray := ⟨#[1, 2, 3, 255]⟩
theorem ba_size : ba.size = 4 := rfl
theorem ba_get : ba.data[3]! = 255 := by decide
theorem sub_t : ("abc".toRawSubstring).bsize = 3 := by decide
theorem big : ("abcdefghijklmnopqrstuvwxyz".toList.map (fun c => c.toNat)).sum = 2847 := by decide +kernel
theorem env : (([("x", 1), ("y", 2), ("zeta", 3)] : List (String × Nat)).lookup "zeta") = some 3 := by decide
theorem dedup : (["a", "b", "a", "c", "b"].eraseDups) = ["a", "b", "c"] := by decide
end T17Strings
