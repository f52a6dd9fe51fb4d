using Microsoft.Win32.SafeHandles;

namespace Vox.Chat.Files;

/// <summary>Finds where a JPEG ends. More may follow in the file.</summary>
internal static class JpegEnd
{
    /// <param name="at">The marker of the first scan. Behind it, only a marker can be 0xFF and another byte than zero.</param>
    /// <returns>Behind the end marker, or the file's end when there is none.</returns>
    public static long Find(SafeFileHandle file, long at)
    {
        var buffer = new byte[81_920];
        var last = (byte)0;
        for (int read; (read = RandomAccess.Read(file, buffer, at)) > 0; at += read)
        {
            for (var i = 0; i < read; i++)
            {
                if (last == 0xFF && buffer[i] == 0xD9)
                {
                    return at + i + 1;
                }

                last = buffer[i];
            }
        }

        return at;
    }
}
