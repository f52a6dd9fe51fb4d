using System.Text;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Tests.Storage;

public sealed class KeyTextTests
{
    [Theory]
    [InlineData("alice@example.com", "aalice@example.com")]
    [InlineData("a/b", "bYS9i")]
    [InlineData("", "a")]
    public void Encode_Examples_AreAsDocumented(string text, string key) => Assert.Equal(key, KeyText.Encode(text));

    [Fact]
    public void Encode_AnyText_IsReversibleAndAValidKey()
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in Texts(5_000))
        {
            var key = KeyText.Encode(text);

            Assert.Equal(text, KeyText.Decode(key));
            Assert.All(
                key,
                c => Assert.True(c is > ' ' and < '\u007f' && !"/\\#?%|!{}'".Contains(c, StringComparison.Ordinal), $"{(int)c} in {key}"));
            if (!seen.TryAdd(key, text))
            {
                Assert.Equal(seen[key], text);
            }
        }
    }

    /// <summary>The longest login id and a project id fit into 1 KiB, the limit of a key.</summary>
    [Fact]
    public void Encode_LongestLoginId_FitsIntoAKey()
    {
        var longest = string.Concat(Enumerable.Repeat("漢", 85)) + "a";
        Assert.Equal(256, Encoding.UTF8.GetByteCount(longest));

        var partition = ChatKeys.User(new("pid_" + new string('x', 60), longest));

        Assert.True(2 * partition.Length <= 1_024, $"{2 * partition.Length} bytes");
    }

    [Fact]
    public void Encode_TextsThatLookEncoded_StayApart()
    {
        string[] texts = ["YS9i", "bYS9i", "a/b", "aYS9i", "a", "b", "", "aa"];

        Assert.Equal(texts.Length, texts.Select(KeyText.Encode).Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>
    /// Some stores ignore case when they compare keys. There, only the base64url form of a name could equal that of another name. Our
    /// stores compare exactly.
    /// </summary>
    [Fact]
    public void Encode_TextsThatDifferInCase_StayApart() => Assert.NotEqual(KeyText.Encode("Alice"), KeyText.Encode("alice"));

    [Theory]
    [InlineData("")]
    [InlineData("c")]
    [InlineData("Alice")]
    [InlineData("b!!!")]
    public void Decode_WhatWasNotEncoded_Fails(string key) => Assert.Throws<FormatException>(() => KeyText.Decode(key));

    [Fact]
    public void Digest_PartsCutDifferently_Differ()
    {
        Assert.NotEqual(KeyText.Digest("ab", "c"), KeyText.Digest("a", "bc"));
        Assert.NotEqual(KeyText.Digest("abc"), KeyText.Digest("abc", ""));
        Assert.NotEqual(KeyText.Digest("a", "b"), KeyText.Digest("b", "a"));
        Assert.Equal(KeyText.Digest("a", "b"), KeyText.Digest("a", "b"));
    }

    [Fact]
    public void Digest_AnyTexts_Has27CharactersOfBase64Url() =>
        Assert.All(Texts(200), text => Assert.Matches("^[A-Za-z0-9_-]{27}$", KeyText.Digest(text, "x")));

    private static IEnumerable<string> Texts(int count)
    {
        char[] odd =
        [
            '/', '\\', '#', '?', '%', '|', '!', '\'', ' ', '\0', '\n', '\u007f', 'ä', 'é', '漢', '\u202e', '\uffff', '-', '_', '=', '+',
            '~'
        ];
        for (var i = 0; i < count; i++)
        {
            var text = new StringBuilder();
            for (var length = Random.Shared.Next(0, 40); length > 0; length--)
            {
                _ = Random.Shared.Next(4) switch
                {
                    0 => text.Append(odd[Random.Shared.Next(odd.Length)]),
                    1 => text.Append(char.ConvertFromUtf32(Random.Shared.Next(0x10000, 0x110000))),
                    _ => text.Append((char)Random.Shared.Next('0', 'z' + 1)),
                };
            }

            yield return text.ToString();
        }
    }
}
