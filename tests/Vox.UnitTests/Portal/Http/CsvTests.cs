using System.Text;
using Vox.Portal.Http;

namespace Vox.Tests.Portal;

public sealed class CsvTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("  @SUM(A1)", "'  @SUM(A1)")]
    [InlineData("\uFF1D1", "'\uFF1D1")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("-5.50", "-5.50")]
    [InlineData("-5+cmd", "'-5+cmd")]
    [InlineData("+49 30 1", "'+49 30 1")]
    public void Field_WhatASpreadsheetWouldRun_IsText(string value, string expected) => Assert.Equal(expected, Csv.Field(value));

    [Fact]
    public void Append_Row_EndsAsRfc4180Says()
    {
        var text = new StringBuilder();

        Csv.Append(text, "a", "", "b;c");

        Assert.Equal("a,,\"b;c\"\r\n", text.ToString());
    }
}
