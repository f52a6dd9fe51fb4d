using System.Text;
using Vox.Chat.Moderation.Words;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Tests.Moderation;

/// <summary>What word lists find, and what they must not find.</summary>
public sealed class WordListsTests
{
    [Theory]

    // Case, width, accents, ligatures.
    [InlineData("badword", "BadWord")]
    [InlineData("badword", "ｂａｄｗｏｒｄ")]
    [InlineData("badword", "bádwörd")]
    [InlineData("badword", "b\u0301a\u0308dw\u0336ord")]
    [InlineData("offer", "o\uFB00er")]
    [InlineData("BÄD", "bad")]
    [InlineData("strasse", "Straße")]

    // Characters that nobody sees, and marks of other scripts, between letters.
    [InlineData("badword", "b\u200Ba\u200Cd\u200Dw\u2060o\uFEFFr\u00ADd")]
    [InlineData("badword", "\u202Ebadword\u202C")]
    [InlineData("badword", "b\u034Fa\u0364\u0489d\uFE0Fword")]
    [InlineData("badword", "ba\u093Cdwo\u0E31rd")]
    [InlineData("badword", "bad\U000E0100word\U000E0061")]

    // Look-alikes: Cyrillic, Greek, Armenian, phonetic, mathematical, in circles, digits and signs.
    [InlineData("badword", "bаdwоrd")]
    [InlineData("copy", "сору")]
    [InlineData("badword", "βαdwοrd")]
    [InlineData("badword", "ʙᴀᴅᴡᴏʀᴅ")]
    [InlineData("badword", "𝒷𝒶𝒹𝓌𝑜𝓇𝒹")]
    [InlineData("badword", "🅱🅰🅳🆆🅾🆁🅳")]
    [InlineData("badword", "ⓑⓐⓓⓦⓞⓡⓓ")]
    [InlineData("badword", "b4dw0rd")]
    [InlineData("password", "p@$$word")]
    [InlineData("сору", "copy")]

    // Whole words and phrases.
    [InlineData("badword", "a badword!")]
    [InlineData("badword", "(badword)")]
    [InlineData("badword", "no-badword-here")]
    [InlineData("buy now", "Buy \n\t now")]
    [InlineData("*bad*", "embaddened")]
    [InlineData("1488", "say 1488")]

    // Other scripts.
    [InlineData("сволочь", "СВОЛОЧЬ")]
    [InlineData("笨蛋", "你是笨蛋吗")]
    [InlineData("笨", "你笨")]
    [InlineData("ばか", "おまえはばかだ")]
    [InlineData("바보", "바보!")]
    [InlineData("คนเลว", "เขาเป็นคนเลวมาก")]
    [InlineData("كلب", "كَـلْـب")]
    [InlineData("חמור", "חֲמוֹר")]
    [InlineData("मूर्ख", "तुम मूर्ख हो")]
    public void Check_WhatIsTheSameForPeople_IsFound(string entry, string text) =>
        Assert.Equal(WordAction.Block, Of(block: [entry]).Check(text, isHtml: false).Action);

    [Theory]
    [InlineData("ass", "class")]
    [InlineData("ass", "assess")]
    [InlineData("ass", "It costs 455")]
    [InlineData("badword", "bad word")]
    [InlineData("badword", "badwor")]
    [InlineData("badword", "badwords")]
    [InlineData("buy now", "buynow")]
    [InlineData("*bad*", "b a d")]
    [InlineData("1488", "21488")]
    [InlineData("मूर्ख", "मरख")]
    [InlineData("て", "で")]
    [InlineData("바보", "바보들")]
    [InlineData("сволочь", "сволочью")]
    [InlineData("hell", "heil")]
    public void Check_WhatIsAnotherWord_IsNotFound(string entry, string text) =>
        Assert.Null(Of(block: [entry]).Check(text, isHtml: false).Action);

    [Theory]
    [InlineData("Oh darn it", "Oh **** it")]
    [InlineData("darn darned", "**** ****ed")]
    [InlineData("d\u200Ba\u0301rn!", "****!")]
    [InlineData("dаrn 𝒹𝒶𝓇𝓃", "**** ****")]
    [InlineData("nothing", "nothing")]
    public void Check_ToBeMasked_StarsTakeThePlaceOfTheWordAlone(string text, string masked)
    {
        var verdict = Of(mask: ["*darn*"]).Check(text, isHtml: false);

        Assert.Equal(masked, verdict.Text);
        Assert.Equal(text == masked ? null : WordAction.Mask, verdict.Action);
    }

    [Theory]
    [InlineData("<p>d<b>ar</b>n</p>", "<p>*<b>**</b>*</p>")]
    [InlineData("d&#97;rn&nbsp;it", "****&nbsp;it")]
    [InlineData("<i class=\"darn\">x</i>", "<i class=\"darn\">x</i>")]
    [InlineData("a < darn > b", "a < **** > b")]
    [InlineData("<darn", "<****")]
    public void Check_Html_TagsDoNotCountAndStay(string text, string masked) =>
        Assert.Equal(masked, Of(mask: ["darn"]).Check(text, isHtml: true).Text);

    [Fact]
    public void Check_HtmlBlocks_StandBetweenWords()
    {
        Assert.Null(Of(block: ["badword"]).Check("bad<br>word", isHtml: true).Action);
        Assert.Equal(WordAction.Block, Of(block: ["bad word"]).Check("<p>bad</p><p>word</p>", isHtml: true).Action);
    }

    /// <summary>Of an edit nobody knows whether it is HTML.</summary>
    [Theory]
    [InlineData("b<b>a</b>dword")]
    [InlineData("x <y badword > z")]
    public void Check_UnknownWhetherHtml_IsFoundEitherWay(string text)
    {
        Assert.Equal(WordAction.Block, Of(block: ["badword"]).Check(text, isHtml: null).Action);
        Assert.Equal(["badword"], Of(flag: ["badword"]).Check(text, isHtml: null).Found.Select(entry => entry.Text));
    }

    [Fact]
    public void Check_SeveralActions_TheHardestCounts()
    {
        var lists = Of(["stop"], ["darn"], ["meet"]);

        Assert.Equal(WordAction.Block, lists.Check("meet, darn, stop", false).Action);
        Assert.Equal((WordAction.Mask, "meet, ****"), (lists.Check("meet, darn", false).Action, lists.Check("meet, darn", false).Text));
        Assert.Equal(WordAction.Flag, lists.Check("meet", false).Action);
    }

    /// <summary>Entries that share beginnings and ends, in texts made of the same few letters: as a plain search finds them.</summary>
    [Fact]
    public void Check_AnyListAndText_FindsWhatAPlainSearchFinds()
    {
        var seed = 7u;
        for (var run = 0; run < 200; run++)
        {
            var entries = Enumerable.Range(0, 20).Select(_ => Word(2, 6)).Distinct().ToList();
            var text = Word(0, 60);

            var found = Of(flag: [.. entries.Select(entry => $"*{entry}*")]).Check(text, false).Found;

            Assert.Equal(
                entries.Where(entry => text.Contains(entry, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
                found.Select(entry => entry.Folded).Order(StringComparer.Ordinal));
        }

        string Word(int least, int most) => string.Concat(
            Enumerable.Range(0, least + Next(most - least + 1)).Select(_ => "abc"[Next(3)]));

        // The same in every run.
        int Next(int below) => (int)(((seed = (seed * 1_664_525) + 1_013_904_223) >> 16) % (uint)below);
    }

    /// <summary>10,000 entries with marks between letters, and a text that begins all of them over and over.</summary>
    [Fact]
    public void Check_TheLargestListsAndAHostileText_TakesStepsInProportionToTheText()
    {
        var entries = Enumerable.Range(0, WordLists.MaxEntries)
            .Select(n => $"*{new string('a', 1 + (n % 20))}\u200Bb\u0301{n:D5}*").ToArray();
        var lists = Of(flag: entries);
        var text = new StringBuilder();
        while (text.Length < 9_990)
        {
            text.Append("aaaaaaaaaaaaaaaaaaaab");
        }

        Assert.Null(lists.Check(text.ToString(), false).Action);
        Assert.Equal(entries[1_234], Assert.Single(lists.Check(text + "01234", false).Found, entry => entry.Text == entries[1_234]).Text);
    }

    [Theory]
    [InlineData("", "invalid_field")]
    [InlineData("a", "invalid_field")]
    [InlineData("**", "invalid_field")]
    [InlineData("*\u200B\u0301*", "invalid_field")]
    [InlineData("\u200B\u200D", "invalid_field")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345", "too_long")]
    public void Of_EntryThatIsNone_NamesIt(string entry, string code)
    {
        var refused = Assert.Throws<VoxException>(() => Of(mask: ["good", entry]));

        Assert.Equal((code, "mask[1]"), (refused.Error.Code, refused.Field));
    }

    [Fact]
    public void Of_TooManyEntries_IsRefused() =>
        Assert.Equal("limit_reached", Assert.Throws<VoxException>(() => Of(["aa"], [.. Enumerable.Repeat("bb", WordLists.MaxEntries)]))
            .Error.Code);

    [Fact]
    public void Check_EntriesThatAreLookedForInTheSameWay_CountOnceWithTheHardestAction()
    {
        var verdict = Of(block: ["*BaD*"], mask: ["*bad*"], flag: ["*Bad*", "*bAd*"]).Check("badbadbad", false);

        Assert.Equal(WordAction.Block, verdict.Action);
        Assert.Equal("*BaD*", Assert.Single(verdict.Found).Text);
    }

    private static WordLists Of(string[]? block = null, string[]? mask = null, string[]? flag = null) =>
        WordLists.Of(new WordListRequest(block, mask, flag));
}
