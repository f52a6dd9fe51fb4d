using System.Text.Json;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Tests.Fixture;

/// <summary>Asserts what the documentation says of answers.</summary>
public static class Answer
{
    public static async Task<string> TextAsync(this Task<HttpResponseMessage> sending, int status = 200)
    {
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"Expected {status}, got {(int)response.StatusCode}: {text}");
        return text;
    }

    public static async Task<JsonElement> JsonAsync(this Task<HttpResponseMessage> sending, int status = 200) =>
        JsonSerializer.Deserialize<JsonElement>(await sending.TextAsync(status));

    /// <summary>The shape of the user and history endpoints: <c>{"data":{"code":…,"message":…}}</c>.</summary>
    /// <returns>The sentence that explains the error.</returns>
    public static async Task<string> VendorDataErrorAsync(this Task<HttpResponseMessage> sending, int code)
    {
        var root = await sending.JsonAsync(code);
        Assert.Equal(["data"], Names(root));
        var data = root.GetProperty("data");
        Assert.Equal(["code", "message"], Names(data));
        Assert.Equal(code, data.GetProperty("code").GetInt32());
        return Sentence(data.GetProperty("message").GetString());
    }

    /// <summary>The shape of sendchat: <c>{"status":…,"code":…}</c>.</summary>
    public static async Task<string> VendorStatusErrorAsync(this Task<HttpResponseMessage> sending, int code)
    {
        var root = await sending.JsonAsync(code);
        Assert.Equal(["code", "status"], Names(root));
        Assert.Equal(code, root.GetProperty("code").GetInt32());
        return Sentence(root.GetProperty("status").GetString());
    }

    /// <summary>Problem details of an entry of the catalogue.</summary>
    /// <returns>The sentence that explains the error.</returns>
    public static async Task<string> ProblemAsync(this Task<HttpResponseMessage> sending, string code, string? field = null)
    {
        var error = Assert.Single(Errors.All, e => e.Code == code);
        var response = await sending;
        var problem = await Task.FromResult(response).JsonAsync(error.Status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(error.Status, problem.GetProperty("status").GetInt32());
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(error.Title, problem.GetProperty("title").GetString());
        Assert.Equal(error.Retryable, problem.GetProperty("retryable").GetBoolean());
        Assert.EndsWith(code, problem.GetProperty("type").GetString()!, StringComparison.Ordinal);
        if (field is not null)
        {
            Assert.Equal(field, problem.GetProperty("field").GetString());
        }

        return Sentence(problem.GetProperty("detail").GetString());
    }

    private static string Sentence(string? text)
    {
        Assert.NotNull(text);
        Assert.EndsWith(".", text, StringComparison.Ordinal);
        Assert.True(text.Split(' ').Length >= 4, $"No sentence: {text}");
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        return text;
    }

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal);
}
