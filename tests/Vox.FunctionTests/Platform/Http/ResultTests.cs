using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Vox.Chat.Vendor;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Platform.StaticFiles;
using Vox.Portal.Http;
using Vox.Tests.Fixture;

namespace Vox.Tests.Http;

/// <summary>
/// The worker runs a result and then sends its public properties to the host. They would be the body of an answer for a second time.
/// </summary>
public sealed class ResultTests(Backends backends)
{
    /// <summary>
    /// The types that the app may name from ASP.NET's namespaces for results: the contract, but none of its implementations.
    /// </summary>
    private static readonly string[] Allowed =
    [
        "Microsoft.AspNetCore.Mvc.ActionContext", "Microsoft.AspNetCore.Mvc.IActionResult",
        "Microsoft.AspNetCore.Mvc.Infrastructure.IStatusCodeActionResult",
    ];

    private static readonly Type[] Returned = [typeof(IActionResult), typeof(Task<IActionResult>)];

    [Fact]
    public void App_NamesNoResultOfAspNet()
    {
        using var file = File.OpenRead(typeof(Program).Assembly.Location);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        var named = metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}")
            .Where(IsResultOfAspNet)
            .Order(StringComparer.Ordinal)
            .ToList();

        Assert.Equal(Allowed, named);
    }

    [Fact]
    public void HttpFunctions_ReturnAResult()
        => Assert.All(AppFunction.OfHttp, function => Assert.Contains(function.Method.ReturnType, Returned));

    [Fact]
    public void Results_OfEveryKind_AreEmptyToTheHost()
    {
        var file = new StaticFile("a.txt", "text/plain", [new StaticEncoding("", "a.txt", "\"tag\"", 1)]);
        IActionResult[] results =
        [
            WireResults.NoContent, WireResults.NotFound, WireResults.Redirect("/demo/"),
            WireResults.Json(new VendorStatus("Success", 200), VendorJson.Wire.VendorStatus),
            WireResults.Text("text", "text/plain"), WireResults.Bytes("bytes"u8.ToArray(), "text/plain"),
            backends.App.Get<ErrorResponses>().For("SendChat", new VoxException(Errors.Busy, "It is busy now.")),
            backends.App.Get<ErrorResponses>().For("SendMessage", new VoxException(Errors.Busy, "It is busy now.")),
            new StaticFileResult(file, backends.App.Get<StaticFileLibrary>()),
            new CsvDownload("a.csv", ["A"], NoRowsAsync().GetAsyncEnumerator(), any: false),
        ];
        var serializer = backends.App.Get<IOptions<WorkerOptions>>().Value.Serializer!;

        Assert.All(results, result => Assert.Equal("{}", Encoding.UTF8.GetString(serializer.Serialize(result))));
        Assert.Equal(
            typeof(Program).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(IActionResult)) || t.IsAssignableTo(typeof(IResult)))
                .Select(t => t.Name).Order(StringComparer.Ordinal),
            results.Select(result => result.GetType().Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/api/openapi.json", 200, "application/json")]
    [InlineData("/api/health/live", 200, "application/json")]
    [InlineData("/api/v1/conversations", 401, "application/problem+json")]
    [InlineData("/api/getchathistory", 401, "application/json")]
    public async Task Answer_IsSentInOnePieceWithItsTypeAndLength(string path, int status, string type)
    {
        using var response = await backends.App.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        var length = response.Content.Headers.ContentLength;

        Assert.Equal((status, type), ((int)response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        Assert.Equal((await response.Content.ReadAsByteArrayAsync()).Length, length);
        Assert.Null(response.Headers.TransferEncodingChunked);
    }

    private static bool IsResultOfAspNet(string type) =>
        type.StartsWith("Microsoft.AspNetCore.Mvc.", StringComparison.Ordinal)
        || type.StartsWith("Microsoft.AspNetCore.Http.HttpResults.", StringComparison.Ordinal)
        || type is "Microsoft.AspNetCore.Http.Results" or "Microsoft.AspNetCore.Http.TypedResults";

    private static async IAsyncEnumerable<string[]> NoRowsAsync()
    {
        await Task.CompletedTask;
        yield break;
    }
}
