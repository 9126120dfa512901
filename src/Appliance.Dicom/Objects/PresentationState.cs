using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>A layer of graphics: one colour, one name, shown and hidden as one.</summary>
/// <param name="Name">At most 16 capitals, digits, spaces, underscores (CS); unique.</param>
/// <param name="Description">What a viewer shows for it.</param>
public sealed record PresentationLayer(string Name, string Description, (byte Red, byte Green, byte Blue) Rgb);

/// <summary>A polyline over one source slice.</summary>
/// <param name="Slice">Index into the sources.</param>
/// <param name="Layer">Index into the layers.</param>
/// <param name="Points">In pixels; (0, 0) is the top left corner of the first pixel (PS3.3 C.10.5.1.2).</param>
public sealed record PresentationLine(int Slice, int Layer, IReadOnlyList<(float X, float Y)> Points);

/// <summary>What a presentation state is made of.</summary>
/// <param name="Sources">All slices that it is for.</param>
/// <param name="Text">Lines that are shown in the top left corner of each slice.</param>
/// <param name="Window">Centre and width in rescaled values.</param>
public sealed record PresentationStateRequest(
    IReadOnlyList<SourceSlice> Sources,
    IReadOnlyList<PresentationLayer> Layers,
    IReadOnlyList<PresentationLine> Lines,
    IReadOnlyList<string> Text,
    (double Center, double Width) Window,
    ResultSeries Series);

/// <summary>
/// Makes a Grayscale Softcopy Presentation State (PS3.3 A.33.1): outlines and a window for a whole series, whose own pixels stay clean.
/// </summary>
public static class PresentationState
{
    private const string TextLayer = "LEGEND";

    public static Created Create(PresentationStateRequest request)
    {
        if (SourceStack.Check(request.Sources, out SourceStack? stack) is Unsuitable unsuitable)
        {
            return unsuitable;
        }

        // One Modality LUT for all that is referred to (C.11.1): without it stored values would be windowed as Hounsfield units.
        DataSet first = stack!.First.Header;
        Tag[] rescaling = [Tags.RescaleIntercept, Tags.RescaleSlope];
        if (request.Sources.Any(source => rescaling.Any(tag => source.Header.GetDouble(tag) != first.GetDouble(tag))))
        {
            return new Unsuitable(UnsuitableReason.MixedRescaling, "The slices are rescaled differently.");
        }

        DataSet target = new();
        CommonModules.PutPatientAndStudy(first, target);
        CommonModules.PutResult(request.Series, Uids.GrayscaleSoftcopyPresentationStateStorage, "PR", 1, first, target);
        PutIdentification(request, target);

        // A presentation state has no content date of its own (A.33.1.3); the series may be of a paired part (2C of C.7.3.1).
        target.Remove(Tags.ContentDate);
        target.Remove(Tags.ContentTime);
        target.SetString(Tags.Laterality, Vr.CS);
        PutDisplay(request, stack, first, target);
        PutGraphics(request, target);
        return target;
    }

    /// <summary>Presentation State Identification and Relationship (C.11.10, C.11.11).</summary>
    private static void PutIdentification(PresentationStateRequest request, DataSet target) => target
        .SetString(Tags.ContentLabel, Vr.CS, "AI_ORGANS")
        .SetString(Tags.ContentDescription, Vr.LO, ResultText.Long($"{request.Series.Description}. {request.Series.Notice}"))
        .SetString(Tags.PresentationCreationDate, Vr.DA, target.GetString(Tags.ContentDate)!)
        .SetString(Tags.PresentationCreationTime, Vr.TM, target.GetString(Tags.ContentTime)!)
        .SetString(Tags.ContentCreatorName, Vr.PN)
        .SetItems(Tags.ReferencedSeriesSequence, [.. request.Sources.GroupBy(source => source.SeriesInstanceUid)
            .Select(series => new DataSet()
                .SetString(Tags.SeriesInstanceUID, Vr.UI, series.Key)
                .SetItems(Tags.ReferencedImageSequence, [.. References.Images(series)]))]);

    /// <summary>Displayed Area, Modality LUT, Softcopy VOI LUT and Softcopy Presentation LUT (C.10.4, C.11.1, C.11.8, C.11.6).</summary>
    private static void PutDisplay(PresentationStateRequest request, SourceStack stack, DataSet first, DataSet target)
    {
        DataSet area = new DataSet()
            .SetInt32(Tags.DisplayedAreaTopLeftHandCorner, 1, 1)
            .SetInt32(Tags.DisplayedAreaBottomRightHandCorner, stack.Columns, stack.Rows)
            .SetString(Tags.PresentationSizeMode, Vr.CS, "SCALE TO FIT")
            .SetDecimal(Tags.PresentationPixelSpacing, stack.First.PixelSpacing);
        target.SetItems(Tags.DisplayedAreaSelectionSequence, area)
            .SetItems(Tags.SoftcopyVOILUTSequence, new DataSet()
                .SetDecimal(Tags.WindowCenter, request.Window.Center)
                .SetDecimal(Tags.WindowWidth, request.Window.Width))
            .SetString(Tags.PresentationLUTShape, Vr.CS, "IDENTITY");
        if (first.GetDouble(Tags.RescaleSlope) is not null)
        {
            target.CopyFrom(first, Tags.RescaleIntercept).CopyFrom(first, Tags.RescaleSlope)
                .SetString(Tags.RescaleType, Vr.LO, first.GetString(Tags.RescaleType) is { Length: > 0 } type ? type : "HU");
        }
    }

    /// <summary>Graphic Annotation and Graphic Layer (C.10.5, C.10.7).</summary>
    private static void PutGraphics(PresentationStateRequest request, DataSet target)
    {
        List<DataSet> annotations = [];
        string[] names = NamesOf(request.Layers);
        foreach (IGrouping<(int Slice, int Layer), PresentationLine> group in request.Lines.GroupBy(line => (line.Slice, line.Layer)))
        {
            annotations.Add(new DataSet()
                .SetItems(Tags.ReferencedImageSequence, [.. References.Images([request.Sources[group.Key.Slice]])])
                .SetString(Tags.GraphicLayer, Vr.CS, names[group.Key.Layer])
                .SetItems(Tags.GraphicObjectSequence, [.. group.SelectMany(Polylines)]));
        }

        // Of no image in particular: of all.
        annotations.Add(new DataSet()
            .SetString(Tags.GraphicLayer, Vr.CS, TextLayer)
            .SetItems(Tags.TextObjectSequence, new DataSet()
                .SetString(Tags.BoundingBoxAnnotationUnits, Vr.CS, "DISPLAY")
                .SetString(Tags.UnformattedTextValue, Vr.ST, ResultText.Short(string.Join("\r\n", request.Text)))
                .SetFloat32(Tags.BoundingBoxTopLeftHandCorner, 0.01f, 0.01f)
                .SetFloat32(Tags.BoundingBoxBottomRightHandCorner, 0.4f, 0.01f + (0.035f * request.Text.Count))
                .SetString(Tags.BoundingBoxTextHorizontalJustification, Vr.CS, "LEFT")));
        PresentationLayer legend = new(TextLayer, "What the colours mean", (240, 190, 80));
        target.SetItems(Tags.GraphicAnnotationSequence, [.. annotations])
            .SetItems(Tags.GraphicLayerSequence, [.. request.Layers.Append(legend).Zip([.. names, TextLayer], Layer)]);
    }

    /// <summary>Names are short and have to differ: a number makes those differ that were cut to the same.</summary>
    private static string[] NamesOf(IReadOnlyList<PresentationLayer> layers)
    {
        string[] names = [.. layers.Select(layer => ResultText.Code(layer.Name).Trim())];
        return [.. names.Select((name, i) => names.Count(each => each == name) > 1 || name == TextLayer
            ? ResultText.Code($"{i + 1} {name}")
            : name)];
    }

    /// <summary>In pieces that share a point where one value cannot hold them all.</summary>
    private static IEnumerable<DataSet> Polylines(PresentationLine line)
    {
        const int most = Limits.ShortValueBytes / (2 * sizeof(float));
        for (int from = 0; from < line.Points.Count - 1; from += most - 1)
        {
            yield return Polyline([.. line.Points.Skip(from).Take(most)]);
        }
    }

    private static DataSet Polyline((float X, float Y)[] points) => new DataSet()
        .SetString(Tags.GraphicAnnotationUnits, Vr.CS, "PIXEL")
        .SetUInt16(Tags.GraphicDimensions, 2)
        .SetUInt16(Tags.NumberOfGraphicPoints, (ushort)points.Length)
        .SetFloat32(Tags.GraphicData, [.. points.SelectMany(point => new[] { point.X, point.Y })])
        .SetString(Tags.GraphicType, Vr.CS, "POLYLINE")
        .SetString(Tags.GraphicFilled, Vr.CS, "N");

    private static DataSet Layer(PresentationLayer layer, string name) => new DataSet()
        .SetString(Tags.GraphicLayer, Vr.CS, name)
        .SetIntegerString(Tags.GraphicLayerOrder, 1)
        .SetUInt16(Tags.GraphicLayerRecommendedDisplayGrayscaleValue, ushort.MaxValue)
        .SetUInt16(Tags.GraphicLayerRecommendedDisplayCIELabValue, CieLab.Of(layer.Rgb.Red, layer.Rgb.Green, layer.Rgb.Blue))
        .SetString(Tags.GraphicLayerDescription, Vr.LO, ResultText.Long(layer.Description));
}
