using Vox.Chat.Search;

namespace Vox.Tests.Search;

/// <summary>
/// What search must and must not find, in the scripts of the world, beside what a plain search for a part of the text finds.
/// </summary>
public sealed class SearchWordsTests(ITestOutputHelper output)
{
    /// <summary>A name of the row, a text, a query, whether the query finds the text.</summary>
    public static TheoryData<string, string, string, bool> Rows { get; } = new()
    {
        { "en plural", "We shipped the invoices today", "invoices", true },
        { "en apostrophe", "don’t do that", "don't", true },
        { "en substring", "category theory", "cat", false },
        { "de umlaut", "Größe der Straße in München", "munchen", true },
        { "de ß", "Größe der Straße", "STRASSE", true },
        { "de ue", "Müller ruft an", "mueller", true },
        { "de NFD", "Mu\u0308ller kommt", "Müller", true },
        { "fr accents", "Déjà vu à l'élève", "eleve", true },
        { "fr oe", "le cœur", "coeur", true },
        { "ru yo", "Ёлка готова", "елка", true },
        { "ru й", "мой дом", "МОЙ", true },
        { "el tonos+sigma", "Ο ΔΡΟΜΟΣ είναι", "δρόμος", true },
        { "tr İ", "İstanbul'da", "istanbul", true },
        { "tr ı", "ışık açık", "isik", true },
        { "tr İ+dot", "DİYARBAKIR", "diyarbakır", true },
        { "ar harakat", "مُحَمَّد هنا", "محمد", true },
        { "ar hamza", "أحمد وصل", "احمد", true },
        { "ar tatweel", "مـحـمـد", "محمد", true },
        { "he points", "שָׁלוֹם לכם", "שלום", true },
        { "hi word", "हिन्दी भाषा", "हिन्दी", true },
        { "hi other vowel", "किताब यहाँ", "कताब", false },
        { "th inside", "ฉันชอบกินข้าวผัด", "ข้าวผัด", true },
        { "th one word", "การประชุมถูกเลื่อน", "ประชุม", true },
        { "zh 2 char", "我在北京大学学习", "大学", true },
        { "zh cross", "我在北京大学学习", "京学", false },
        { "zh false bigram", "京大 北京 大学", "北京大学", false },
        { "zh 1 char", "他买了一本书", "书", true },
        { "ja kanji", "東京都に住んでいます", "東京", true },
        { "ja kana width", "ｶﾀｶﾅ テスト", "カタカナ", true },
        { "ja dakuten", "かき氷", "がき", false },
        { "ko particle", "회의가 목요일로 변경", "회의", true },
        { "ko NFD", "\u1112\u116c\u110b\u1174 시작", "회의", true },
        { "fullwidth", "ＡＢＣ１２３ 注文", "abc123", true },
        { "emoji", "done 🎉 great", "🎉", true },
        { "emoji U14", "melting 🫠", "🫠", true },
        { "emoji ZWJ", "family 👩‍👩‍👧 pic", "👩‍👩‍👧", true },
        { "#hashtag", "see #release-notes", "release", true },
        { "#tag whole", "ship #Release2024", "#release2024", true },
        { "@mention", "ping @anna_k please", "@anna_k", true },
        { "URL host", "see https://docs.example.com/a/b?x=1", "example", true },
        { "URL path", "https://ex.com/user-guide/start.html", "guide", true },
        { "e-mail", "mail john.doe@acme.org now", "john.doe@acme.org", true },
        { "e-mail part", "mail john.doe@acme.org now", "acme", true },
        { "phone", "call +49 (30) 1234-567", "301234567", true },
        { "phone same", "call +49 30 1234567", "1234567", true },
        { "camelCase", "call getUserName()", "user", true },
        { "camel whole", "call getUserName()", "getusername", true },
        { "snake_case", "rename user_name_id", "name", true },
        { "snake whole", "rename user_name_id", "user_name_id", true },
        { "hy case", "Բարեւ ԱՇԽԱՐՀ", "աշխարհ", true },
        { "ka word", "გამარჯობა მსოფლიო", "მსოფლიო", true },
        { "am word", "ሰላም ለዓለም ሁሉ", "ሰላም", true },
        { "am part", "ሰላም ለዓለም ሁሉ", "ሰላ", false },
        { "bn word", "আমি বাংলায় গান গাই", "গান", true },
        { "bn vowel", "আমি বাংলায় গান গাই", "গানি", false },
        { "bn composed", "\u09cb means \u0995\u09c7\u09be", "\u0995\u09cb", true },
        { "ta word", "தமிழ் மொழி அழகு", "மொழி", true },
        { "te word", "తెలుగు భాష", "భాష", true },
        { "hi nasal", "हिंदी में लिखो", "हिन्दी", true },
        { "hi nukta", "ज़रूरत है", "जरूरत", true },
        { "km inside", "ខ្ញុំស្រឡាញ់ភាសាខ្មែរ", "ភាសា", true },
        { "lo inside", "ຂ້ອຍມັກພາສາລາວ", "ພາສາ", true },
        { "my inside", "မြန်မာစာကိုလေ့လာသည်", "စာ", true },
        { "th order", "การประชุมถูกเลื่อน", "ชุมประ", false },
        { "vi marks", "Tiếng Việt rất hay", "tieng viet", true },
        { "vi đ", "Đà Nẵng", "da nang", true },
        { "pl ł", "Łódź jest piękna", "lodz", true },
        { "da ø", "Smørrebrød til frokost", "smorrebrod", true },
        { "da oe", "Smørrebrød til frokost", "smoerrebroed", true },
        { "de ae query", "Mueller ruft an", "Müller", true },
        { "uk ї", "Київ і Україна", "україна", true },
        { "ru й kept", "мой дом", "мои", false },
        { "el plain", "Καλημέρα κόσμε", "καλημερα", true },
        { "ar teh marbuta", "مدرسة كبيرة", "مدرسه", true },
        { "ar digits", "رقم ٣٤٥ هنا", "345", true },
        { "fa kaf yeh", "کتاب علی", "كتاب علي", true },
        { "he word", "שלום עולם", "עולם", true },
        { "he other", "שלום עולם", "עול", false },
        { "ja halfwidth voiced", "ﾊﾞｽ停はどこ", "バス", true },
        { "ja kana kept", "はし を わたる", "ばし", false },
        { "ja NFD", "か\u3099っこう へ", "がっこう", true },
        { "ja mixed", "iPhoneの充電器", "iphone 充電", true },
        { "ko middle", "서울특별시청", "특별시", true },
        { "ko no", "회의가 목요일로", "의회", false },
        { "zh phrase over a blank", "北京 大学", "北京大学", false },
        { "zh punctuation", "北京，大学", "北京大学", false },
        { "zh longer", "我们明天去北京大学开会", "明天北京", false },
        { "ligature", "the ﬁnal oﬃce", "office", true },
        { "skin", "thanks 👍🏽 all", "👍", true },
        { "flag", "from 🇩🇪 here", "🇩🇪", true },
        { "flag other", "from 🇩🇪 here", "🇪🇩", false },
        { "word in two", "user name", "username", false },
        { "digits", "order 12345 shipped", "1234", false },
        { "prefix", "We shipped the invoices", "invo*", true },
        { "prefix no", "We shipped the invoices", "nvoi*", false },
        { "phrase", "the quick brown fox", "\"quick brown\"", true },
        { "phrase order", "the quick brown fox", "\"brown quick\"", false },
        { "phrase apart", "quick and brown", "\"quick brown\"", false },
        { "all words", "the quick brown fox", "fox quick", true },
        { "not all", "the quick brown fox", "fox lazy", false },
        { "number part", "Invoice 2024-117", "117", true },
        { "hyphen", "the re-entry plan", "re-entry", true },
        { "dotted", "v1.12.3 is out", "1.12.3", true },
        { "address no", "mail john.doe@acme.org now", "doe.john@acme.org", false },
        { "zero width", "in\u200bvoice paid", "invoice", true },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Query_OfText_FindsItOrNot(string row, string text, string query, bool found) =>
        Assert.True(Finds(query, text) == found, $"{row}: [{string.Join(' ', SearchWord.KeysOf(text, 1_000, 30_000))}]");

    /// <summary>For people: how many rows are right here, and with a plain search.</summary>
    [Fact]
    public void AllRows_BesideAPlainSearch_AreRightMoreOften()
    {
        var rows = Rows.Select(row => row.Data).ToList();
        var plain = rows.Count(row => row.Item2.Contains(row.Item3, StringComparison.OrdinalIgnoreCase) == row.Item4);
        var own = rows.Count(row => Finds(row.Item3, row.Item2) == row.Item4);
        output.WriteLine($"{rows.Count} rows: {own} right; with a search for the query as a part of the text {plain}.");
        Assert.True(own > plain, $"{own} {plain}");
    }

    /// <summary>Each character may follow the one before at once or apart: tried without a memory, that would never end.</summary>
    [Fact]
    public void Find_APhraseThatRepeatsItself_Ends()
    {
        var query = SearchQuery.Parse($"\"{string.Concat(Enumerable.Repeat("中 ", 97))}国\"");

        Assert.Null(SearchMatch.Find(query, "国 x x " + new string('中', 400)));
        Assert.NotNull(SearchMatch.Find(query, new string('中', 400) + "国"));
    }

    [Fact]
    public void KeysOf_AnEmojiWithHundredsOfMarks_AreAsLongAsAWordMayBe() => Assert.All(
        SearchWord.KeysOf("😀" + new string('\u0301', 500) + "😀", 100, 10_000),
        key => Assert.InRange(key.Length, 1, 2 * SearchWord.MaxLength));

    /// <summary>The index has what is looked up, and the text has the rest.</summary>
    private static bool Finds(string query, string text)
    {
        var (parsed, keys) = (SearchQuery.Parse(query), SearchWord.KeysOf(text, 1_000, 30_000).ToHashSet(StringComparer.Ordinal));
        var isKnown = parsed.Terms().All(term => term.Keys.Any(
            key => term.IsPrefix ? keys.Any(known => known.StartsWith(key, StringComparison.Ordinal)) : keys.Contains(key)));
        return isKnown && SearchMatch.Find(parsed, text) is not null;
    }
}
