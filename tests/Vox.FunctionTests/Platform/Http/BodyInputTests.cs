using System.Text;
using Vox.Tests.Fixture;

namespace Vox.Tests.Http;

/// <summary>Bodies as real clients send them: in other character sets, with a byte order mark, with a field that is there twice.</summary>
public sealed class BodyInputTests(Backends backends)
{
    private const string Form = "application/x-www-form-urlencoded";

    [Theory]
    [InlineData("iso-8859-1", "Zo\u00eb", true)]
    [InlineData("ISO-8859-1", "Zo\u00eb", false)]
    [InlineData("windows-1252", "Zo\u00eb \u20ac", true)]
    [InlineData("\"utf-8\"", "Zo\u00eb", true)]
    [InlineData("shift_jis", "\u6f22", true)]
    [InlineData("koi8-r", "\u0418\u0432\u0430\u043d", false)]
    public async Task CreateUser_FormInADeclaredCharset_TheUserHasTheNameThatWasMeant(string charset, string name, bool escaped)
    {
        var project = await backends.App.CreateProjectAsync();
        var encoding = (CodePagesEncodingProvider.Instance.GetEncoding(charset.Trim('"')) ?? Encoding.GetEncoding(charset.Trim('"')))!;
        byte[] value = escaped
            ? Encoding.ASCII.GetBytes(string.Concat(encoding.GetBytes(name).Select(b => $"%{b:X2}")))
            : encoding.GetBytes(name.Replace(' ', '+'));

        await PostAsync([.. Keys(project), .. "&password=secret&username="u8, .. value], $"{Form}; charset={charset}").TextAsync();

        await new TestUser(project, name, "secret").LogInAsync();
    }

    [Theory]
    [InlineData("x-nonsense")]
    [InlineData("utf-7")]
    [InlineData("utf-16")]
    public async Task CreateUser_FormInACharsetThatNobodyKnows_Is415(string charset)
    {
        var project = await backends.App.CreateProjectAsync();

        var sentence = await PostAsync(
            [.. Keys(project), .. "&password=secret&username=zoe"u8], $"{Form}; charset={charset}").VendorDataErrorAsync(415);

        Assert.Contains("UTF-8", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("username=Zo%EB")]
    [InlineData("username=%C3")]
    public async Task CreateUser_FormWithBytesThatAreNoUtf8_Is400AndNamesTheField(string field)
    {
        var project = await backends.App.CreateProjectAsync();

        var sentence = await PostAsync(
            [.. Keys(project), .. "&password=secret&"u8, .. Encoding.ASCII.GetBytes(field)], Form).VendorDataErrorAsync(400);

        Assert.Contains("username", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LogIn_JsonInADeclaredCharset_IsUnderstood()
    {
        var project = await backends.App.CreateProjectAsync();
        const string Name = "Zo\u00eb";
        await project.CreateUserAsync(Name);
        var json = $$"""{"projectId":"{{project.Id}}","loginId":"{{Name}}","password":"secret"}""";

        await PostAsync(Encoding.Latin1.GetBytes(json), "application/json; charset=iso-8859-1", "/api/v1/sessions").TextAsync();
        await PostAsync(Encoding.Unicode.GetBytes(json), "application/json; charset=utf-16", "/api/v1/sessions").TextAsync();
        await PostAsync(Encoding.Latin1.GetBytes(json), "application/json", "/api/v1/sessions").ProblemAsync("invalid_json");
    }

    [Theory]
    [InlineData(Form, "username=a&username=b")]
    [InlineData(Form, "username=a&USERNAME=a")]
    [InlineData("application/json", """{"username":"a","username":"b"}""")]
    public async Task CreateUser_FieldTwice_Is400AndNamesTheField(string contentType, string body)
    {
        var project = await backends.App.CreateProjectAsync();

        var sentence = await PostAsync(
            Encoding.UTF8.GetBytes(body), contentType,
            $"/api/user?projectid={project.Id}&authtoken={project.Token}&password=secret").VendorDataErrorAsync(400);

        Assert.Contains("username", sentence, StringComparison.OrdinalIgnoreCase);
        await new TestUser(project, "a,b", "secret").PostLogInAsync().ProblemAsync("invalid_credentials");
    }

    [Fact]
    public async Task Query_FieldTwice_Is400AndNamesTheField()
    {
        var alice = await (await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();

        await alice.GetAsync("/api/v1/messages?with=bob&with=carol").ProblemAsync("invalid_request", "with");
        await alice.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/v1/contacts?id=bob&id=carol"))
            .ProblemAsync("invalid_request", "id");
        var twice = RestCall.Raw("""{"to":"alice","data":"one","data":"two"}""");
        await alice.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages") { Content = twice }).ProblemAsync("invalid_json");
    }

    [Fact]
    public async Task Body_JsonWithAByteOrderMark_IsAccepted()
    {
        var project = await backends.App.CreateProjectAsync();
        byte[] create =
        [
            .. Encoding.UTF8.Preamble,
            .. Encoding.UTF8.GetBytes(
                $$"""{"projectid":"{{project.Id}}","authtoken":"{{project.Token}}","username":"alice","password":"secret"}"""),
        ];
        byte[] logIn =
        [
            .. Encoding.UTF8.Preamble,
            .. Encoding.UTF8.GetBytes($$"""{"projectId":"{{project.Id}}","loginId":"alice","password":"secret"}"""),
        ];

        await PostAsync(create, "application/json").TextAsync();
        await PostAsync(logIn, "application/json", "/api/v1/sessions").TextAsync();
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("Identity")]
    public async Task Body_ContentEncodingIdentity_IsAccepted(string encoding)
    {
        var project = await backends.App.CreateProjectAsync();
        var content = new ByteArrayContent([.. Keys(project), .. "&password=secret&username=alice"u8]);
        content.Headers.TryAddWithoutValidation("Content-Type", Form);
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);

        await backends.App.Http.PostAsync("/api/user", content).TextAsync();
    }

    private static byte[] Keys(TestProject project) => Encoding.ASCII.GetBytes($"projectid={project.Id}&authtoken={project.Token}");

    private Task<HttpResponseMessage> PostAsync(byte[] body, string contentType, string path = "/api/user")
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return backends.App.Http.PostAsync(path, content);
    }
}
