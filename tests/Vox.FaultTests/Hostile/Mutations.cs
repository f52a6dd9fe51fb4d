using System.Text;
using System.Text.Json.Nodes;
using Vox.Tests.Fixture;

namespace Vox.Tests.Hostile;

/// <summary>What makes a good request a bad one.</summary>
internal static class Mutations
{
    /// <summary>Texts that have broken other programs.</summary>
    public static readonly string[] Texts =
    [
        "", " ", "\0", "\t", "\n", "\r\nX-Injected: yes", "' or 1 eq 1", "x' or PartitionKey ne '", "') or (RowKey ne '", "''", "\"", "\\",
        "/", "?", "#", "%", "%00", "%2e%2e%2f",
        "../../etc/passwd", "..\\..", "|", "a|b", "~", "~7c", "h", "m|", "u|", "\uffff", "\ufffd", "\ud83d\ude00", "\u202ereversed",
        "\u0000end", "e\u0301", "ﬀ", "İ", "ß",
        "null", "undefined", "NaN", "Infinity", "true", "[]", "{}", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "$(id)",
        "`id`", "; drop table users",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-1", "0", "1e308", "1e400", "0x10", "١٢٣",
        "2026-01-01T00:00:00Z", "0001-01-01 00:00:00",
        "9999-12-31 23:59:59", "2026-02-30 25:61:61", "00000000-0000-0000-0000-000000000000", "pid_",
        "pid_00000000_0000_0000_0000_000000000000", "g", "gAAAAAAAAAAAAAAAAAAAAAA",
        "dAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Bearer", "a".PadRight(300, 'a'), "é".PadRight(2_000, 'é'), "x".PadRight(70_000, 'x'),
        string.Concat(Enumerable.Repeat("%41", 500)),
    ];

    private static readonly string[] ContentTypes =
    [
        "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/json; charset=utf-16", "application/json; charset=nonsense",
        "application/json; charset=", "application/problem+json", "*/*", ";", "", "application/octet-stream", "application/JSON;;;",
    ];

    private static readonly string[] HeaderNames =
    [
        "Idempotency-Key", "X-Client-Id", "Origin", "Referer", "Accept", "Accept-Encoding", "Range", "If-None-Match", "If-Match",
        "If-Modified-Since", "Cookie", "X-Forwarded-For",
        "X-Forwarded-Host", "Content-Encoding", "Transfer-Encoding", "Expect", "traceparent", "tracestate", "X-CSRF-Token",
        "Stripe-Signature", "Sec-Fetch-Site", "X-HTTP-Method-Override",
        "Access-Control-Request-Headers", "x-functions-key", "Upgrade", "Content-Language", "X-ASRS-Connection-Id", "Date", "Host",
    ];

    private static readonly string[] Verbs =
    [
        "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "G"
    ];

    /// <summary>The text as it is sent. A lone surrogate becomes what an encoder makes of it.</summary>
    public static string Wire(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    public static void Apply(RawRequest request, DeterministicRandom random)
    {
        switch (random.Next(0, 9))
        {
            case 0:
                request.Method = random.Of(Verbs);
                break;
            case 1:
                Replace(request, "Content-Type", random.Of(ContentTypes));
                break;
            case 2:
                request.Headers.Add((random.Of(HeaderNames), Wire(random.Of(Texts)).Replace("\0", "", StringComparison.Ordinal)));
                break;
            case 3 when request.Target.Contains('?', StringComparison.Ordinal):
                request.Target += "&" + request.Target.Split('?', 2)[1];
                break;
            case 4:
                request.Target += (request.Target.Contains('?', StringComparison.Ordinal) ? "&" : "?")
                    + $"{random.Of(["size", "offset", "with", "u", "id", "x", ""])}={Uri.EscapeDataString(Whole(random.Of(Texts)))}";
                break;
            case 5:
                Replace(
                    request,
                    "Authorization",
                    random.Of(["", "Bearer", "Bearer x", "Bearer a.b.c", "Basic eDp5", "Bearer eyJhbGciOiJub25lIn0.e30.",
                        "bearer " + new string('a', 5_000)]));
                break;
            case 6:
                request.Target = random.Of(["//", "/%2e%2e/", "/./", "/;/", "/%00", "/%ff", "/\u00e9"]) + request.Target.TrimStart('/');
                break;
            default:
                request.Body = Bytes(request.Body ?? [], random);
                break;
        }
    }

    /// <summary>Changes one value of a body to something else, removes it, or repeats it twice or many times.</summary>
    public static void Apply(JsonNode? body, DeterministicRandom random)
    {
        if (body is JsonArray { Count: > 0 } list)
        {
            var at = random.Next(0, list.Count);
            if (list[at] is JsonObject && random.OneIn(2))
            {
                Apply(list[at], random);
            }
            else
            {
                list[at] = Node(random);
            }

            return;
        }

        if (body is not JsonObject { Count: > 0 } fields)
        {
            return;
        }

        var name = fields.ElementAt(random.Next(0, fields.Count)).Key;
        switch (random.Next(0, 8))
        {
            case 0:
                fields.Remove(name);
                break;
            case 1 when fields[name] is JsonObject or JsonArray:
                Apply(fields[name], random);
                break;
            case 2:
                fields[name] = new JsonArray([.. Enumerable.Range(0, random.Of([0, 101, 1_001])).Select(n => (JsonNode)$"u{n}")]);
                break;
            default:
                fields[name] = Node(random);
                break;
        }
    }

    private static JsonNode? Node(DeterministicRandom random) => random.Next(0, 12) switch
    {
        0 => null,
        1 => true,
        2 => random.Of([-1, 0, int.MinValue, int.MaxValue]),
        3 => random.Of([long.MaxValue, long.MinValue]),
        4 => 1e300,
        5 => 0.5,
        6 => new JsonArray(),
        7 => new JsonObject { ["$type"] = "System.Object" },
        8 => Enumerable.Range(0, 70).Aggregate((JsonNode)"deep", (inner, _) => new JsonArray(inner)),
        _ => Whole(random.Of(Texts)),
    };

    private static byte[] Bytes(byte[] body, DeterministicRandom random)
    {
        switch (random.Next(0, 7))
        {
            case 0:
                return body[..random.Next(0, body.Length + 1)];
            case 1 when body.Length > 0:
                var flipped = body.ToArray();
                flipped[random.Next(0, body.Length)] ^= (byte)(1 << random.Next(0, 8));
                return flipped;
            case 2:
                return [.. body, .. body];
            case 3:
                return [0xEF, 0xBB, 0xBF, .. body];
            case 4:
                var at = random.Next(0, body.Length + 1);
                return
                [
                    .. body[..at],
                    .. Encoding.Latin1.GetBytes(
                        random.Of(["\\ud800", "\xff\xfe", "\0", "\"", "}", "[[[[[[[[", "\\u0000", "1e9999", "\xc0\x80"])),
                    .. body[at..]
                ];
            case 5:
                return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 2_000)));
            default:
                return Encoding.UTF8.GetBytes(
                    random.Of(["", "null", "[]", "{}", "0", "\"x\"", "{\"a\":1,\"a\":2}", "a=b&a=c&%zz=%", new string('&', 2_000),
                        new string('[', 300_000)]));
        }
    }

    /// <summary>A URL cannot hold half of a surrogate pair.</summary>
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static void Replace(RawRequest request, string name, string value)
    {
        request.Headers.RemoveAll(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        request.Headers.Add((name, value));
    }
}
