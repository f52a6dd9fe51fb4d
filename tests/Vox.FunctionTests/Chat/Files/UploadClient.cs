using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Vox.Chat.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

/// <summary>What a web page does to send a file: it talks to the app, and sends the bytes to the storage.</summary>
internal static class UploadClient
{
    /// <summary>A client other than the app's: requests to the storage go there directly.</summary>
    public static readonly HttpClient Storage = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public static Task<HttpResponseMessage> PostUploadAsync(
        this TestSession session, string? name, long size, string? contentType = null, string? kind = null, string? key = null) =>
        session.PostAsync("/api/v1/files", new { name, size, contentType, kind, key });

    public static async Task<Upload> BeginUploadAsync(
        this TestSession session, string name, long size, string? contentType = null, string? kind = null, string? key = null) =>
        Upload.Of(await session.PostUploadAsync(name, size, contentType, kind, key).JsonAsync());

    public static async Task<Upload> RenewUploadAsync(this TestSession session, string id) =>
        Upload.Of(await session.PostAsync($"/api/v1/files/{id}/renew").JsonAsync());

    public static Task<HttpResponseMessage> PostCompleteAsync(this TestSession session, string id, object? body = null) =>
        session.PostAsync($"/api/v1/files/{id}/complete", body ?? new { });

    public static Task<JsonElement> CompleteUploadAsync(this TestSession session, string id, object? body = null) =>
        session.PostCompleteAsync(id, body).JsonAsync();

    public static Task<HttpResponseMessage> CancelUploadAsync(this TestSession session, string id) =>
        session.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/files/{id}"));

    /// <summary>Begin, upload and complete.</summary>
    public static async Task<JsonElement> SendFileAsync(
        this TestSession session, string? to, string name, byte[] bytes, int type = 7, string? contentType = null, string? kind = null)
    {
        var upload = await session.BeginUploadAsync(name, bytes.Length, contentType, kind);
        await upload.PutAsync(bytes);
        return await session.CompleteUploadAsync(upload.Id, new { to, type, clientMessageId = "m" + Guid.NewGuid().ToString("N") });
    }

    public static async Task<string> MediaPrefixAsync(this TestSession session) =>
        (await session.GetJsonAsync("/api/v1/media/prefix")).GetProperty("prefix").GetString()!;

    /// <summary>Asks for a media address as an <c>img</c> would, without any header; does not follow the redirection.</summary>
    public static async Task<HttpResponseMessage> GetMediaAsync(
        this TestSession session, string key, string query = "", HttpMethod? method = null) =>
        await Storage.SendAsync(new HttpRequestMessage(method ?? HttpMethod.Get, await session.MediaPrefixAsync() + key + query));

    /// <summary>Asks for a media address and follows the redirection.</summary>
    public static async Task<byte[]> DownloadAsync(this TestSession session, string key)
    {
        using var redirect = await session.GetMediaAsync(key);
        Assert.Equal(302, (int)redirect.StatusCode);
        return await Storage.GetByteArrayAsync(redirect.Headers.Location);
    }
}

/// <param name="Blocks">What has arrived.</param>
internal sealed record Upload(string Id, string Key, Uri Url, int BlockSize, IReadOnlyList<int> Blocks)
{
    public static Upload Of(JsonElement json) => new(
        json.GetProperty("id").GetString()!, json.GetProperty("key").GetString()!, new Uri(json.GetProperty("url").GetString()!),
        json.GetProperty("blockSize").GetInt32(), [.. json.GetProperty("blocks").EnumerateArray().Select(b => b.GetInt32())]);

    /// <summary>All of a file, in blocks of the size that was asked for.</summary>
    public async Task PutAsync(byte[] bytes)
    {
        for (var i = 0; i * (long)BlockSize < bytes.Length; i++)
        {
            await PutBlockAsync(i, bytes.AsMemory(i * BlockSize, Math.Min(BlockSize, bytes.Length - (i * BlockSize))));
        }
    }

    public async Task PutBlockAsync(int number, ReadOnlyMemory<byte> bytes)
    {
        using var response = await TryPutBlockAsync(number, bytes);
        Assert.Equal(201, (int)response.StatusCode);
    }

    public Task<HttpResponseMessage> TryPutBlockAsync(int number, ReadOnlyMemory<byte> bytes) =>
        PutAsync($"&comp=block&blockid={Uri.EscapeDataString(UploadBlobs.BlockId(number))}", new ReadOnlyMemoryContent(bytes));

    public Task<HttpResponseMessage> CommitAsync(params int[] numbers) => PutAsync(
        "&comp=blocklist",
        new StringContent(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>"
                + $"{string.Concat(numbers.Select(n => $"<Latest>{UploadBlobs.BlockId(n)}</Latest>"))}</BlockList>",
            Encoding.UTF8, "application/xml"));

    /// <summary>The whole blob in one request.</summary>
    /// <param name="headers">Further headers, as <c>name: value</c>.</param>
    public Task<HttpResponseMessage> PutWholeAsync(byte[] bytes, params string[] headers) =>
        PutAsync("", new ByteArrayContent(bytes), "BlockBlob", headers);

    /// <summary>An append or page blob instead of a block blob.</summary>
    public Task<HttpResponseMessage> PutOtherAsync(string blobType) =>
        PutAsync("", new ByteArrayContent([]), blobType, "x-ms-blob-content-length: 512");

    public Task<HttpResponseMessage> PutEmptyAsync(string query, params string[] headers) =>
        PutAsync(query, new ByteArrayContent([]), null, headers);

    public Task<HttpResponseMessage> TryAsync(HttpMethod method, Uri? other = null) =>
        UploadClient.Storage.SendAsync(new HttpRequestMessage(method, other ?? Url));

    private Task<HttpResponseMessage> PutAsync(string query, HttpContent content, string? blobType = null, params string[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, Url + query) { Content = content };
        if (blobType is not null)
        {
            request.Headers.Add("x-ms-blob-type", blobType);
        }

        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            request.Headers.TryAddWithoutValidation(header[..colon], header[(colon + 1)..].Trim());
        }

        return UploadClient.Storage.SendAsync(request);
    }
}
