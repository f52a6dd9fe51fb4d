using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Tests.Storage;

public sealed class FirstAnswerTests
{
    private const string Outer = "batchresponse_0f8fad5b-d9cb-469f-a165-70867728950e";
    private const string Inner = "changesetresponse_7c9e6679-7425-40de-944b-e07fc1f90ae7";

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public void Shorten_ManyParts_KeepsTheFirstAndTheEnd(int parts) => Assert.Equal(Answer(1), Shortened(Answer(parts)));

    [Fact]
    public void Shorten_OnePart_StaysAsItIs() => Assert.Equal(Answer(1), Shortened(Answer(1)));

    [Theory]
    [InlineData("")]
    [InlineData("boundary=")]
    [InlineData("boundary=x\r\n--x\r\n--x\r\n")]
    [InlineData("{\"odata.error\":{}}")]
    public void Shorten_SomethingElse_StaysAsItIs(string answer) => Assert.Equal(answer, Shortened(answer));

    [Fact]
    public void Shorten_APartSaysThatItFailed_StaysAsItIs()
    {
        var answer = Answer(3).Replace("v2", "v2\r\n\r\nHTTP/1.1 409 Conflict", StringComparison.Ordinal);
        Assert.Equal(answer, Shortened(answer));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(99)]
    public void Submit_OnlyTheFirstAnswerIsWanted_HasItsVersionAndAllocatesLess(int rows)
    {
        var client = new TableClient(
            new Uri("http://storage.invalid/t"), "t", new TableSharedKeyCredential("account", Convert.ToBase64String(new byte[32])),
            Options(rows));
        var actions = Enumerable.Range(0, rows).Select(n => new TableTransactionAction(
            TableTransactionActionType.Add, new TableEntity("p", $"{n}") { ["Data"] = "text" })).ToList();

        var all = Allocated(() => Assert.Equal(rows, client.SubmitTransaction(actions).Value.Count));
        var first = Allocated(() =>
        {
            using var only = FirstAnswer.Only();
            Assert.Equal("v1", Assert.Single(client.SubmitTransaction(actions).Value).Headers.ETag.ToString());
        });

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{rows} rows: {all:N0} bytes allocated with all answers, {first:N0} with the first");
        Assert.True(first < all * 0.8, $"{first:N0} of {all:N0} bytes");
    }

    private static long Allocated(Action submit)
    {
        for (var n = 0; n < 20; n++)
        {
            submit();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 20; n++)
        {
            submit();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / 20;
    }

    private static TableClientOptions Options(int rows)
    {
        var options = new TableClientOptions { Transport = new HttpClientTransport(new HttpClient(new OneAnswer(Answer(rows)))) };
        options.Diagnostics.IsLoggingEnabled = false;
        options.AddPolicy(new FirstAnswer(), HttpPipelinePosition.PerRetry);
        return options;
    }

    private static string Shortened(string answer)
    {
        using var body = new MemoryStream();
        body.Write(Encoding.ASCII.GetBytes(answer));
        body.Position = 0;
        FirstAnswer.Shorten(body);
        Assert.Equal(0, body.Position);
        return Encoding.ASCII.GetString(body.ToArray());
    }

    private static string Answer(int parts) => $"--{Outer}\r\nContent-Type: multipart/mixed; boundary={Inner}\r\n\r\n"
        + string.Concat(Enumerable.Range(1, parts).Select(n =>
            $"--{Inner}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nHTTP/1.1 204 No Content\r\n"
            + "X-Content-Type-Options: nosniff\r\nCache-Control: no-cache\r\nPreference-Applied: return-no-content\r\n"
            + $"DataServiceVersion: 3.0;\r\nLocation: https://account.table.core.windows.net/t(PartitionKey='p',RowKey='{n}')\r\n"
            + $"DataServiceId: https://account.table.core.windows.net/t(PartitionKey='p',RowKey='{n}')\r\nETag: \"v{n}\"\r\n\r\n\r\n"))
        + $"--{Inner}--\r\n--{Outer}--\r\n";

    /// <summary>A storage that gives one answer.</summary>
    private sealed class OneAnswer(string answer) : HttpMessageHandler
    {
        private readonly byte[] body = Encoding.ASCII.GetBytes(answer);

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // As from the network: it cannot be read twice, so the library copies it.
            var content = new StreamContent(PipeReader.Create(new ReadOnlySequence<byte>(body)).AsStream());
            content.Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/mixed; boundary={Outer}");
            return new HttpResponseMessage(HttpStatusCode.Accepted) { Content = content };
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));
    }
}
