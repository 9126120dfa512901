using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using SkiaSharp;

namespace Appliance.Imaging;

/// <summary>The picture that says why a series was not analysed, so that nobody takes silence for "nothing found".</summary>
public static class NotAnalysed
{
    private const int SeriesNumber = 9006, Side = 512;

    /// <summary>No app takes such series: that nothing was analysed is what one expects of a localizer or of another modality.</summary>
    public static ResultKind KindOf(Refusal refusal) => refusal.Reason is RefusalReason.NoApp or RefusalReason.TooFewSlices
        ? ResultKind.NoticeOfUntaken
        : ResultKind.Notice;

    /// <summary>Null where the sources do not even say which study they belong to.</summary>
    /// <param name="sources">The objects of the series; the first one's header is whole, of the others the UIDs are enough.</param>
    /// <param name="app">Name and version of the app that had taken the series, or empty.</param>
    public static Result? Of(
        IReadOnlyList<DataSet> sources, Refusal refusal, string app, EquipmentIdentification equipment, DateTimeOffset now)
    {
        const string heading = "Not analysed";
        DataSet first = SourceHeader.Keep(sources[0]);
        SourceSlice[] slices = [new SourceSlice(first), .. sources.Skip(1).Select(each => new SourceSlice(each))];
        string about = string.Join('\n', slices.Select(slice => slice.SopInstanceUid));
        ResultSeries series = new(SeriesNumber, "AI: not analysed", now, equipment, [])
        {
            InstanceUid = UidGenerator.FromName($"{about}\n{refusal}\nseries {SeriesNumber}"),
        };
        string[] footer =
        [
            .. app.Length > 0 ? new[] { app } : [],
            $"{equipment.ModelName} {equipment.SoftwareVersion}", "The original images were forwarded unchanged.",
        ];
        Created notice = NoticeCapture.Create(new NoticeRequest(
            slices, Side, Side, Draw(heading, refusal.Why, footer), $"{heading}: {refusal.Why}", series));
        return notice.Failed ? null : Result.Of(KindOf(refusal), notice.DataSet);
    }

    private static byte[] Draw(string heading, string text, string[] footer)
    {
        const float margin = 32, headingSize = 34, textSize = 21, footerSize = 14;
        using SKBitmap bitmap = new(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using SKCanvas canvas = new(bitmap);
        canvas.Clear(new SKColor(20, 22, 26));
        float y = margin + headingSize;
        Lettering.Write(canvas, heading, margin, y, headingSize, new SKColor(240, 190, 80));
        y += 18;
        canvas.DrawRect(margin, y, Side - (2 * margin), 1, Lettering.Filled(new SKColor(90, 96, 106)));
        y += textSize + 24;
        float bottom = Side - margin - (footer.Length * footerSize * 1.5f);
        foreach (string line in Lettering.Wrap(text, textSize, Side - (2 * margin)).TakeWhile(_ => y < bottom - textSize))
        {
            Lettering.Write(canvas, line, margin, y, textSize, new SKColor(226, 229, 234));
            y += textSize * 1.45f;
        }

        y = bottom + footerSize;
        foreach (string line in footer)
        {
            Lettering.Write(canvas, line, margin, y, footerSize, new SKColor(150, 156, 166));
            y += footerSize * 1.5f;
        }

        canvas.Flush();
        return Lettering.Rgb(bitmap.GetPixelSpan(), Side * Side);
    }
}
