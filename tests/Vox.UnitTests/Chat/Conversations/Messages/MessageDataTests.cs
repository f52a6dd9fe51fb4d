using Vox.Chat.Conversations.Messages;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Tests.Messages;

public sealed class MessageDataTests
{
    [Theory]
    [InlineData(3, """{"lat":52.5,"lon":13.4,"address":"Berlin"}""")]
    [InlineData(3, """{"lat":"52.5","lon":"-13.4"}""")]
    [InlineData(3, """{"lat":0,"lon":180,"address":null,"zoom":4}""")]
    [InlineData(6, """{"name":"Bob","numbers":["+49 170 1"],"labels":["mobile"]}""")]
    [InlineData(6, """{"name":"Bob","numbers":["1","2"]}""")]
    [InlineData(1, "not json")]
    [InlineData(3, "Berlin")]
    [InlineData(3, "52.5,13.4")]
    [InlineData(3, "[1,2]")]
    [InlineData(3, "null")]
    [InlineData(3, """{"latitude":52.5,"longitude":13.4}""")]
    [InlineData(3, """{"lon":1}""")]
    [InlineData(3, """{"lat":1,"lon":""")]
    [InlineData(6, "Carol, +49 170 1")]
    [InlineData(6, "BEGIN:VCARD")]
    [InlineData(6, "{}")]
    [InlineData(6, """{"name":"Bob","phone":"1"}""")]
    public void Check_WellFormed_Passes(int type, string data) => MessageData.Check((MessageType)type, data);

    [Theory]
    [InlineData(3, """{"lat":91,"lon":1}""", "invalid_field", "lat")]
    [InlineData(3, """{"lat":1,"lon":"east"}""", "invalid_field", "lon")]
    [InlineData(3, """{"lat":1,"lon":"NaN"}""", "invalid_field", "lon")]
    [InlineData(3, """{"lat":1,"lon":1e999}""", "invalid_field", "lon")]
    [InlineData(3, """{"lat":1,"lon":2,"address":5}""", "invalid_field", "address")]
    [InlineData(3, """{"lat":1,"lon":2,"address":"\ud800"}""", "invalid_field", "address")]
    [InlineData(6, """{"name":" ","numbers":["1"]}""", "missing_field", "name")]
    [InlineData(3, """{"lat":null,"lon":null}""", "invalid_field", "lat")]
    [InlineData(6, """{"name":"Bob","numbers":[]}""", "missing_field", "numbers")]
    [InlineData(6, """{"name":"Bob","numbers":"1"}""", "invalid_field", "numbers")]
    [InlineData(6, """{"name":"Bob","numbers":[1]}""", "invalid_field", "numbers")]
    [InlineData(6, """{"name":"Bob","numbers":["1"],"labels":["a","b"]}""", "invalid_field", "labels")]
    public void Check_Malformed_SaysWhichFieldAndWhy(int type, string data, string code, string field)
    {
        var e = Assert.Throws<VoxException>(() => MessageData.Check((MessageType)type, data));

        Assert.Equal((code, field), (e.Error.Code, e.Field));
        Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abcdefghijklmno_a b.png", true)]
    [InlineData("../../../portal/", false)]
    [InlineData("https://example.com/a.png", false)]
    public void Check_DataOfAFile_IsAKeyAndNeverAPath(string data, bool passes)
    {
        foreach (var type in new[] { MessageType.Image, MessageType.Video, MessageType.Document })
        {
            if (passes)
            {
                MessageData.Check(type, data);
            }
            else
            {
                var e = Assert.Throws<VoxException>(() => MessageData.Check(type, data));
                Assert.Equal(("invalid_field", "data"), (e.Error.Code, e.Field));
            }
        }
    }
}
