using System.Net.Sockets;
using System.Text;

namespace Vox.Benchmarks.Ejabberd;

/// <summary>
/// A very small XMPP client: registration, SASL PLAIN, bind and messages (RFC 6120, 6121). It is the counterpart of our LiveSocket.
/// </summary>
internal sealed class XmppClient : IAsyncDisposable
{
    private const string Host = "localhost";

    private readonly TcpClient tcp;
    private readonly NetworkStream stream;
    private readonly Stanzas stanzas = new();
    private readonly byte[] buffer = new byte[16_384];
    private readonly Queue<string> ready = new();
    private readonly SemaphoreSlim sending = new(1);
    private Task reading = Task.CompletedTask;

    private XmppClient(TcpClient tcp, string name) => (this.tcp, stream, Address) = (tcp, tcp.GetStream(), $"{name}@{Host}");

    public string Address { get; }

    /// <summary>Registers, logs in and comes online.</summary>
    /// <param name="onMessage">Called with each message stanza.</param>
    public static async Task<XmppClient> ConnectAsync(int port, string name, string password, Action<string> onMessage)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync("127.0.0.1", port);
        var client = new XmppClient(tcp, name);
        await client.OpenAsync();
        await client.AskAsync(
            "<iq type='set' id='r'><query xmlns='jabber:iq:register'>"
            + $"<username>{name}</username><password>{password}</password></query></iq>",
            "result");
        var plain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{name}\0{password}"));
        await client.AskAsync($"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{plain}</auth>", "<success");
        await client.OpenAsync();
        await client.AskAsync(
            "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>bench</resource></bind></iq>", "<jid>");
        await client.WriteAsync("<presence/>");
        client.reading = client.ReadAsync(onMessage);
        return client;
    }

    public Task SendAsync(string stanza) => WriteAsync(stanza);

    public async ValueTask DisposeAsync()
    {
        tcp.Close();
        await reading;
        sending.Dispose();
    }

    /// <summary>Opens a new stream and reads up to its features.</summary>
    private async Task OpenAsync()
    {
        stanzas.Restart();
        await WriteAsync(
            $"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='{Host}' "
            + "version='1.0'>");
        await NextAsync("<stream:features");
    }

    private async Task AskAsync(string stanza, string expected)
    {
        await WriteAsync(stanza);
        await NextAsync(expected);
    }

    private async Task NextAsync(string expected)
    {
        while (ready.Count == 0)
        {
            await FillAsync();
        }

        var stanza = ready.Dequeue();
        if (!stanza.Contains(expected, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"ejabberd answered {stanza}");
        }
    }

    private async Task ReadAsync(Action<string> onMessage)
    {
        try
        {
            while (true)
            {
                while (ready.TryDequeue(out var stanza))
                {
                    if (stanza.StartsWith("<message", StringComparison.Ordinal))
                    {
                        onMessage(stanza);
                    }
                }

                await FillAsync();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task FillAsync()
    {
        var count = await stream.ReadAsync(buffer);
        if (count == 0)
        {
            throw new IOException("ejabberd has closed the connection.");
        }

        stanzas.Add(buffer.AsSpan(0, count), ready);
    }

    private async Task WriteAsync(string text)
    {
        await sending.WaitAsync();
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        }
        finally
        {
            sending.Release();
        }
    }
}
