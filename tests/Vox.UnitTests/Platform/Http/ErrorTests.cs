using System.Text.Json;
using Azure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.ChatLogs;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;

namespace Vox.Tests.Http;

public sealed class ErrorTests
{
    public static TheoryData<string> Functions
        => ["CreateUser", "DeleteUser", "SendChat", "SendChatUnderApi", "GetChatHistory", "SendMessage"];

    private static readonly ErrorResponses Responses =
        new ServiceCollection()
            .AddHttp().AddUsers().AddMessages().AddChatLogs().BuildServiceProvider().GetRequiredService<ErrorResponses>();

    [Fact]
    public void Catalogue_Codes_AreUniqueAndStable()
    {
        Assert.NotEmpty(Errors.All);
        Assert.Equal(Errors.All.Count, Errors.All.Select(e => e.Code).Distinct(StringComparer.Ordinal).Count());
        Assert.All(Errors.All, error =>
        {
            Assert.Matches("^[a-z]+(_[a-z]+)*$", error.Code);
            Assert.InRange(error.Status, 400, 599);
            Assert.EndsWith(".", error.Title, StringComparison.Ordinal);

            // The first request with an idempotency key is not over: a conflict that ends by itself.
            Assert.True(!error.Retryable || error.Status is 429 or >= 500 || error == Errors.RequestInProgress, error.Code);
        });
    }

    /// <summary>On every endpoint, each error has the HTTP status that its body names, and a body of the documented shape.</summary>
    [Theory]
    [MemberData(nameof(Functions))]
    public void For_EveryErrorOfTheCatalogue_StatusAndBodyAgree(string function) => Assert.All(Errors.All, error =>
    {
        var result = Assert.IsType<BodyResult>(Responses.For(function, new VoxException(error, "A sentence.", "field")));
        var body = JsonSerializer.Deserialize<JsonElement>(result.Body.Span);

        var (code, text) = function switch
        {
            "SendMessage" => (body.GetProperty("status"), body.GetProperty("detail")),
            "SendChat" or "SendChatUnderApi" => (body.GetProperty("code"), body.GetProperty("status")),
            _ => (body.GetProperty("data").GetProperty("code"), body.GetProperty("data").GetProperty("message")),
        };
        Assert.Equal(result.Status, code.GetInt32());
        Assert.Equal("A sentence.", text.GetString());
        Assert.Equal(function == "SendMessage" ? "application/problem+json" : "application/json", result.ContentType);
        if (function is not ("CreateUser" or "DeleteUser"))
        {
            Assert.Equal(error.Status, result.Status);
        }
    });

    /// <summary>The guide's table 4: 404 means that the project's keys are wrong, 401 that something is wrong with the user.</summary>
    [Theory]
    [InlineData("invalid_project_keys", 404)]
    [InlineData("project_not_found", 404)]
    [InlineData("user_exists", 401)]
    [InlineData("user_not_found", 401)]
    [InlineData("missing_field", 401)]
    [InlineData("invalid_field", 401)]
    [InlineData("too_long", 401)]
    [InlineData("invalid_json", 400)]
    [InlineData("body_too_large", 413)]
    [InlineData("unsupported_media_type", 415)]
    [InlineData("internal", 500)]
    [InlineData("storage_unavailable", 503)]
    public void For_UserEndpoints_HaveTheCodesOfTheGuide(string code, int status)
    {
        var error = new VoxException(Errors.All.Single(e => e.Code == code), "A sentence.");

        Assert.Equal(status, ((BodyResult)Responses.For("CreateUser", error)).Status);
        Assert.Equal(status, ((BodyResult)Responses.For("DeleteUser", error)).Status);
    }

    public static TheoryData<Exception, string> Exceptions => new()
    {
        { new VoxException(Errors.UserExists, "A sentence."), "user_exists" },
        { new BadHttpRequestException("Too large", 413), "body_too_large" },
        { new BadHttpRequestException("Unexpected end of request content."), "invalid_request" },
        { new JsonException("x"), "invalid_json" },
        { new RequestFailedException(503, "x"), "storage_unavailable" },
        { new RequestFailedException(429, "x"), "storage_unavailable" },
        { new RequestFailedException(0, "x"), "storage_unavailable" },
        { new RequestFailedException(400, "x"), "internal" },
        { new AggregateException(new RequestFailedException(0, "x")), "storage_unavailable" },
        { new TimeoutException(), "busy" },
        { new InvalidOperationException("a secret detail"), "internal" },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void Classify_AnyException_IsAnEntryThatTellsNoSecrets(Exception exception, string code)
    {
        var error = ErrorResponses.Classify(exception);

        Assert.Equal(code, error.Error.Code);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}
