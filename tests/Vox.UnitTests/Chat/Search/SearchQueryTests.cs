using Vox.Chat.Search;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Tests.Search;

public sealed class SearchQueryTests
{
    [Theory]
    [InlineData("", "missing_field")]
    [InlineData("   ", "missing_field")]
    [InlineData("a", "invalid_field")]
    [InlineData("a b c", "invalid_field")]
    [InlineData("5", "invalid_field")]
    [InlineData("!?", "invalid_field")]
    [InlineData("from:bob", "invalid_field")]
    [InlineData("from:bob has:file before:2026-01-01", "invalid_field")]
    [InlineData("from: hello", "invalid_field")]
    [InlineData("has:wings hello", "invalid_field")]
    [InlineData("before:yesterday hello", "invalid_field")]
    [InlineData("after:2026-13-01 hello", "invalid_field")]
    [InlineData("\"hello", "invalid_field")]
    [InlineData("hello\"", "invalid_field")]
    [InlineData("from:\"bob hello", "invalid_field")]
    [InlineData("in*", "invalid_field")]
    [InlineData("\"\"", "invalid_field")]
    [InlineData("*", "invalid_field")]
    public void Parse_WhatCannotBeSearched_IsRefusedAndNamesTheField(string text, string error)
    {
        var refused = Assert.Throws<VoxException>(() => SearchQuery.Parse(text));

        Assert.Equal((error, "q"), (refused.Error.Code, refused.Field));
    }

    [Fact]
    public void Parse_TenThousandLettersOrManyWords_IsRefused()
    {
        Assert.Equal("too_long", Assert.Throws<VoxException>(() => SearchQuery.Parse(new string('x', 10_000))).Error.Code);
        var many = string.Join(' ', Enumerable.Range(10, SearchQuery.MaxWords + 1));
        Assert.Equal("invalid_field", Assert.Throws<VoxException>(() => SearchQuery.Parse(many)).Error.Code);
        Assert.NotEmpty(SearchQuery.Parse(string.Join(' ', Enumerable.Range(10, SearchQuery.MaxWords))).Phrases);
    }

    [Fact]
    public void Parse_Operators_AreTakenOutOfTheWords()
    {
        var query = SearchQuery.Parse(
            "invoice from:\"anna b\" in:g123 has:FILE after:2026-11-01 before:2026-12-01T08:00:00Z \"past due\"");

        Assert.Equal(("anna b", "g123", true), (query.From, query.In, query.HasFile));
        Assert.Equal(DateTimeOffset.Parse("2026-11-01Z", null).ToUnixTimeMilliseconds(), query.After);
        Assert.Equal(DateTimeOffset.Parse("2026-12-01T08:00:00Z", null).ToUnixTimeMilliseconds(), query.Before);
        Assert.Equal([1, 2], query.Phrases.Select(phrase => phrase.Count));
        Assert.Equal(["invoice", "past", "due"], query.Terms().Select(term => term.Keys[0]));
    }

    [Fact]
    public void Parse_TimesBefore1970_AreTheFirstThereIs() =>
        Assert.Equal((1, 1), (SearchQuery.Parse("hello before:1970-01-01").Before, SearchQuery.Parse("hello after:0001-01-01").After));

    [Fact]
    public void Parse_AnAddressOrATime_IsNoOperator()
    {
        Assert.Equal(3, SearchQuery.Parse("http://example.com").Phrases[0].Count);
        Assert.Null(SearchQuery.Parse("at 10:30").From);
    }

    [Fact]
    public void Find_LongTextOfOneLetterWords_TakesNoLongTime()
    {
        // Each word begins the phrase anew: the work must stay in proportion to the text.
        var text = string.Join(' ', Enumerable.Repeat("ab", 5_000));
        var query = SearchQuery.Parse("\"" + string.Join(' ', Enumerable.Repeat("ab", 19)) + " zz\"");

        Assert.Null(SearchMatch.Find(query, text));
        Assert.Null(SearchMatch.Find(SearchQuery.Parse("京京京京京京京京京京京京京京京京京京京京水"), new string('京', 16_000)));
    }

    [Fact]
    public void Excerpt_OfALongText_ShowsTheWordAndItsPlace()
    {
        var text = string.Join(' ', Enumerable.Repeat("filler", 200)) + " Größe 🎉 " + string.Join(' ', Enumerable.Repeat("more", 200));
        var places = SearchMatch.Find(SearchQuery.Parse("grosse"), text.Replace("Größe", "Grosse", StringComparison.Ordinal))
            ?? throw new InvalidOperationException();
        var (excerpt, marks) = SearchExcerpt.Of(text.Replace("Größe", "Grosse", StringComparison.Ordinal), places);

        var mark = Assert.Single(marks);
        Assert.Equal("Grosse", excerpt.Substring(mark.Start, mark.Length));
        Assert.InRange(excerpt.Length, 100, SearchExcerpt.MaxLength);
    }

    [Fact]
    public void KeysOf_ALongText_HasALimit()
    {
        var text = string.Join(' ', Enumerable.Range(0, 5_000).Select(i => $"w{i:D6}"));

        Assert.Equal(1_000, SearchWord.KeysOf(text, 1_000, 30_000).Count);
        Assert.Equal(10, SearchWord.KeysOf(text, 1_000, 81).Count);
    }

    [Fact]
    public void Blocks_WrittenAndRead_AreTheSame()
    {
        var postings = Enumerable.Range(0, PostingBlock.MaxPostings)
            .Select(i => new Posting(1_795_453_377_147 - (i / 3), $"dK7cYq{i % 7}", i + 1, (uint)(i * 7_919), i % 5 == 0))
            .Order(Posting.NewestFirst).ToList();
        var bytes = PostingBlock.Write(postings);

        Assert.Equal(postings, PostingBlock.Read(bytes));
        Assert.InRange(bytes.Length, 1, PostingBlock.MaxBytes);
    }

    [Fact]
    public void Keys_OfPostings_NameThem()
    {
        var posting = new Posting(1_795_453_377_147, "dK7cYq", 12, 0x3f9a01c4, true);
        var key = Vox.Chat.Model.ChatKeys.SearchPosting(
            SearchKeys.Encode("größe"), posting.Time, posting.Conversation, posting.Sequence, posting.From, posting.HasFile);

        Assert.Equal("w|gr~00F6~00DFe|998204546622852|dK7cYq|000000000012|3f9a01c4f", key);
        Assert.Equal(posting, SearchKeys.Read(key));
    }
}
