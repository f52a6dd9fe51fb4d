using Azure;
using Vox.Platform.Storage;

namespace Vox.Tests.Storage;

public sealed class RowVersionTests
{
    /// <summary>
    /// Verified passwords are remembered under this text. If it were the same for two states of a row, an old password would go on working.
    /// </summary>
    [Fact]
    public void ToString_OfTwoStatesOfARow_Differs()
    {
        RowVersion before = new ETag("W/\"datetime'1'\"");
        RowVersion after = new ETag("W/\"datetime'2'\"");

        Assert.NotEqual(before.ToString(), after.ToString());
        Assert.NotEqual(before, after);
    }

    [Fact]
    public void Conversion_ThereAndBack_IsTheSame()
    {
        var tag = new ETag("W/\"datetime'1'\"");

        Assert.Equal(tag, (ETag)(RowVersion)tag);
        Assert.Equal(ETag.All, (ETag)RowVersion.Any);
    }
}
