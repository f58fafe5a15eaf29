using System;
using System.Globalization;
using System.Text;
using Sentio.Behaviour;
using UnityEngine;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>A UnityEvent with a colour.</summary>
    [Serializable]
    public sealed class ColourEvent : UnityEvent<Color> { }

    /// <summary>Drives any value from an affect value, without code: choose the target in <see cref="OnChanged"/>,
    /// such as a light's <c>intensity</c> or a sound's <c>volume</c>.</summary>
    /// <remarks>The value goes through a confidence gate, dead band, curve, smoothing and slew limit, and then through
    /// the rails if they are set. With <see cref="Adapt"/> off, or if nothing is known, it eases to the value of
    /// <see cref="Neutral"/>. Flashing of lights and colours is limited without rails too; set a
    /// <see cref="SentioRails"/> with photosensitivity off to allow it. Uses real time, independent of the time
    /// scale.</remarks>
    [AddComponentMenu("Sentio/Sentio Binding")]
    public sealed class SentioBinding : MonoBehaviour
    {
        private const int CurveSteps = 64;

        [SerializeField, Tooltip("Whether the value follows affect; if not, it eases to neutral.")]
        private bool adapt = true;

        [SerializeField, Tooltip("A ready-made response; setting it replaces entry, points, neutral and smoothing.")]
        private SentioPreset preset;

        [SerializeField, Tooltip("The affect source; empty uses a parent's feed, or any in the scenes.")]
        private SentioFeed source;

        [SerializeField, Tooltip("The entry of the affect vector that is followed. Levels move over 0 to 1 for every person; absolute entries compare people.")]
        private AffectEntry entry = AffectEntry.ArousalLevel;

        [SerializeField, Tooltip("Safety limits of the value; without them only flashes are limited.")]
        private SentioRails rails;

        [SerializeField, Tooltip("The value is a light's strength, whose flashing is limited.")]
        private bool isLight;

        [Header("Response")]
        [SerializeField, Tooltip("Maps affect (x, increasing) to the game's value (y).")]
        private Vector2[] points = { new Vector2(0f, 0f), new Vector2(1f, 1f) };

        [SerializeField, Tooltip("Smoothstep between the points instead of straight lines.")]
        private bool smooth;

        [SerializeField, Tooltip("A curve instead of the points, over its keys' range; empty for none.")]
        private AnimationCurve curve = new AnimationCurve();

        [SerializeField, Range(0f, 1f), Tooltip("Changes of affect that are ignored.")]
        private float deadBand = 0.02f;

        [SerializeField, Range(0f, 30f), Tooltip("Time constant of the smoothing, seconds.")]
        private float smoothing = 0.5f;

        [SerializeField, Min(0f), Tooltip("Largest rise of the value per second; 0 for no limit.")]
        private float rise;

        [SerializeField, Min(0f), Tooltip("Largest fall of the value per second; 0 for no limit.")]
        private float fall;

        [Header("Confidence")]
        [SerializeField, Tooltip("The affect value that is used when nothing is known.")]
        private float neutral = 0.5f;

        [SerializeField, Range(0f, 1f), Tooltip("Smallest confidence of the entry at which it is used.")]
        private float threshold = EntryConfidence.Least;

        [SerializeField, Range(0f, 30f), Tooltip("Seconds for which the last good value is held.")]
        private float hold = 1f;

        [SerializeField, Range(0f, 30f), Tooltip("Seconds from full weight to none, and back.")]
        private float easeSeconds = 2f;

        [Header("Reporting")]
        [SerializeField, Tooltip("Name of the value in recordings; empty for the object's name and the entry.")]
        private string what = "";

        [SerializeField, Tooltip("Whether changes are reported to the feed, at most ten a second.")]
        private bool reports = true;

        [SerializeField, Range(0f, 1f), Tooltip("Smallest change that is reported, as a share of the response's range.")]
        private float reportStep = 0.05f;

        [Header("Target")]
        [SerializeField, Tooltip("Takes the value: choose a float under 'Dynamic', such as Light.intensity.")]
        private NumberEvent onChanged = new NumberEvent();

        [SerializeField, Tooltip("The colours from value 0 to 1, for the event below.")]
        private Gradient colours = new Gradient();

        [SerializeField, Tooltip("Takes the colour: choose one under 'Dynamic', such as Light.color.")]
        private ColourEvent onColour = new ColourEvent();

        private readonly FeedFinder<SentioFeed> _finder = new FeedFinder<SentioFeed>();
        private readonly FlashGuard _lightGuard = new FlashGuard();
        private readonly ColourGuard _colourGuard = new ColourGuard();
        private readonly ReportGate _reporting = new ReportGate();
        private readonly ManualValue _manual = new ManualValue();
        private BindingChain _chain;
        private string _what = "";
        private double _low, _high;

        /// <summary>The value has changed.</summary>
        public event Action<float> Changed;

        /// <summary>Whether the value follows affect; if not, it eases to neutral.</summary>
        public bool Adapt { get { return adapt; } set { adapt = value; } }

        /// <summary>A ready-made response; setting it takes it over.</summary>
        public SentioPreset Preset { get { return preset; } set { preset = value; if (value) Use(value); } }

        /// <summary>Name of the value in recordings; empty for the object's name and the entry.</summary>
        public string What { get { return what; } set { what = value ?? ""; } }

        /// <summary>Whether changes are reported to the feed, at most ten a second.</summary>
        public bool Reports { get { return reports; } set { reports = value; } }

        /// <summary>Smallest change that is reported, as a share of the response's range.</summary>
        public float ReportStep { get { return reportStep; } set { reportStep = value; } }

        /// <summary>The affect source; null uses a parent's feed, or any in the scenes.</summary>
        public SentioFeed Source { get { return source; } set { source = value; } }

        /// <summary>The entry of the affect vector that is followed.</summary>
        public AffectEntry Entry { get { return entry; } set { entry = value; } }

        /// <summary>Safety limits; null for none.</summary>
        public SentioRails Rails { get { return rails; } set { rails = value; _chain = null; } }

        /// <summary>Whether the value is a light's strength, whose flashing is limited.</summary>
        public bool IsLight { get { return isLight; } set { isLight = value; } }

        /// <summary>Maps affect (x, increasing) to the game's value (y).</summary>
        public Vector2[] Points { get { return points; } set { points = value; _chain = null; } }

        /// <summary>Whether it eases between the points.</summary>
        public bool Smooth { get { return smooth; } set { smooth = value; _chain = null; } }

        /// <summary>A curve instead of the points; null or empty for none.</summary>
        public AnimationCurve Curve { get { return curve; } set { curve = value; _chain = null; } }

        /// <summary>Changes of affect that are ignored.</summary>
        public float DeadBand { get { return deadBand; } set { deadBand = value; _chain = null; } }

        /// <summary>Time constant of the smoothing, seconds.</summary>
        public float Smoothing { get { return smoothing; } set { smoothing = value; _chain = null; } }

        /// <summary>Largest rise of the value per second; 0 for no limit.</summary>
        public float Rise { get { return rise; } set { rise = value; _chain = null; } }

        /// <summary>Largest fall of the value per second; 0 for no limit.</summary>
        public float Fall { get { return fall; } set { fall = value; _chain = null; } }

        /// <summary>The affect value that is used when nothing is known.</summary>
        public float Neutral { get { return neutral; } set { neutral = value; _chain = null; } }

        /// <summary>Smallest confidence of the entry at which it is used (<see cref="AffectFrame.Trust"/>).</summary>
        public float Threshold { get { return threshold; } set { threshold = value; _chain = null; } }

        /// <summary>Seconds for which the last good value is held.</summary>
        public float Hold { get { return hold; } set { hold = value; _chain = null; } }

        /// <summary>Seconds from full weight to none, and back.</summary>
        public float EaseSeconds { get { return easeSeconds; } set { easeSeconds = value; _chain = null; } }

        /// <summary>The colours from value 0 to 1.</summary>
        public Gradient Colours { get { return colours; } set { colours = value; } }

        /// <summary>The inspector's event of the value; raised in each frame.</summary>
        public NumberEvent OnChanged { get { return onChanged; } }

        /// <summary>The inspector's event of the colour; raised in each frame.</summary>
        public ColourEvent OnColour { get { return onColour; } }

        /// <summary>The last value; NaN before the first.</summary>
        public float Value { get; private set; } = float.NaN;

        /// <summary>The last colour.</summary>
        public Color Colour { get; private set; }

        /// <summary>Current weight of affect, 0..1.</summary>
        public float Trust { get { return _chain == null ? 0f : (float)_chain.Gate.Trust; } }

        /// <summary>Whether the entry is followed or why not, in one line.</summary>
        public string Status
        {
            get
            {
                if (!adapt) return "adaptation is off";
                string waits = FeedFinder<SentioFeed>.WaitsFor(_finder.Of(source, this, 0), entry, threshold);
                return waits.Length > 0 ? waits : "following " + AffectNames.Of(entry);
            }
        }

        /// <summary>Takes the response of a preset; rails and target stay.</summary>
        public void Use(SentioPreset chosen)
        {
            entry = chosen.Entry;
            points = (Vector2[])chosen.Points.Clone();
            smooth = chosen.Smooth;
            curve = new AnimationCurve();
            neutral = chosen.Neutral;
            smoothing = chosen.Smoothing;
            deadBand = chosen.DeadBand;
            rise = chosen.Rise;
            fall = chosen.Fall;
            _chain = null;
        }

        /// <summary>Holds the game's value for some seconds, set by hand by a person; rails still apply. The end is
        /// reported with the duration.</summary>
        public void HoldValue(float held, string by, double seconds = double.PositiveInfinity)
        {
            _manual.Hold(held, by, seconds);
            SendReport(new SentioAdaptation(Named(), held, "set by hand").Authored(by));
        }

        /// <summary>Ends <see cref="HoldValue"/>; the value follows affect again.</summary>
        public void ReleaseValue() { EndHold(_manual.Release()); }

        /// <summary>Advances by some seconds; called by <c>Update</c>.</summary>
        public void Advance(float seconds)
        {
            if (_chain == null) Refresh();
            EndHold(_manual.Step(seconds));
            SentioFeed feed = _finder.Of(source, this, seconds);
            bool follows = adapt && feed;
            float known = follows ? feed.EffectiveValue(entry) : float.NaN;
            float sure = follows ? feed.EffectiveConfidence(entry) : float.NaN;
            float wanted = (float)_chain.Step(seconds, known, sure);
            if (_manual.Active) wanted = (float)_manual.Value;
            float requested = wanted;
            if (rails) wanted = rails.Limit(_what, wanted, seconds, true);
            if (isLight) wanted = LimitFlashes(wanted, seconds);
            bool moved = wanted != Value;
            Value = wanted;
            Colour = colours == null ? new Color(wanted, wanted, wanted) : colours.Evaluate(Mathf.Clamp01(wanted));
            bool held;
            Colour = rails ? rails.LimitColour(_what, Colour, seconds) : FlashRail.Pass(_colourGuard, Colour, seconds, out held);
            if (moved && Changed != null) Changed(Value);
            if (reports && feed) Report(feed, seconds, requested, known, sure >= threshold);
            onChanged.Invoke(Value);
            onColour.Invoke(Colour);
        }

        private void Update() { Advance(Time.unscaledDeltaTime); }

        private void OnDestroy() { if (rails) rails.Forget(_what); }

        private void OnValidate() { _chain = null; }

        // The text of the cause is built only when it is sent.
        private void Report(SentioFeed feed, float seconds, float requested, float known, bool used)
        {
            bool limited = Math.Abs(requested - Value) > 1e-5;
            int cause = (_manual.Active ? 4 : used ? 2 : 0) + (limited ? 1 : 0);
            _reporting.Step = reportStep * Math.Max(_high - _low, 1e-9);
            if (!feed.TakesReports || !_reporting.Due(seconds, Value, cause)) return;
            string why = _manual.Active ? "set by hand" : used ? Followed(known) : Status;
            if (limited) why += ", limited by rails";
            feed.Report(new SentioAdaptation(Named(), Value, why, requested).Authored(_manual.Active ? _manual.By : ""));
        }

        private string Followed(float known)
        {
            return AffectNames.Of(entry) + " " + known.ToString("0.00", CultureInfo.InvariantCulture);
        }

        private void SendReport(SentioAdaptation adaptation)
        {
            SentioFeed feed = _finder.Of(source, this, 0);
            if (feed) feed.Report(adaptation);
        }

        private void EndHold(double lasted)
        {
            if (Elapsed.IsFinite(lasted)) SendReport(new SentioAdaptation(Named(), Value, "released").Authored(_manual.By, lasted));
        }

        private string Named() { return what.Length > 0 ? what : name + ":" + AffectNames.Of(entry); }

        // Flashes are relative to the light's largest value.
        private float LimitFlashes(float wanted, float seconds)
        {
            float top = Math.Max((float)_high, 1e-9f);
            return top * (rails ? rails.LimitLight(_what, wanted / top, seconds) : (float)_lightGuard.Step(seconds, wanted / top));
        }

        private void Refresh()
        {
            ResponseCurve response = Response();
            _chain = new BindingChain
            {
                Gate = new ConfidenceGate { Neutral = neutral, Threshold = threshold, Hold = hold, Ease = easeSeconds },
                Band = new DeadBand(deadBand),
                Curve = response,
                Smoothing = new Smoothing(smoothing),
                Slew = new SlewLimit(
                    rise > 0 ? rise : double.PositiveInfinity, fall > 0 ? fall : double.PositiveInfinity),
            };
            if (_what.Length == 0) _what = Place();
            if (rails) rails.Define(_what, _low, _high, response.Step(neutral));
        }

        private ResponseCurve Response()
        {
            double[] x, y;
            bool drawn = curve != null && curve.length > 1;
            int count = drawn ? CurveSteps + 1 : Math.Max(1, points == null ? 0 : points.Length);
            x = new double[count];
            y = new double[count];
            for (int i = 0; i < count; i++)
            {
                if (drawn)
                {
                    Keyframe[] keys = curve.keys;
                    float at = Mathf.Lerp(keys[0].time, keys[keys.Length - 1].time, (float)i / CurveSteps);
                    x[i] = at;
                    y[i] = curve.Evaluate(at);
                }
                else if (points != null && points.Length > 0)
                {
                    x[i] = points[i].x;
                    y[i] = points[i].y;
                }
            }
            _low = _high = y[0];
            foreach (double value in y)
            {
                _low = Math.Min(_low, value);
                _high = Math.Max(_high, value);
            }
            return new ResponseCurve(x, y, smooth && !drawn);
        }

        // The key in the rails contains the binding's path, so that two bindings have separate limits.
        private string Place()
        {
            var text = new StringBuilder();
            for (Transform at = transform; at; at = at.parent)
                text.Insert(0, "/" + at.name + (at.parent ? "[" + at.GetSiblingIndex() + "]" : ""));
            int which = Array.IndexOf(GetComponents<SentioBinding>(), this);
            return text + ">" + AffectNames.Of(entry) + (which > 0 ? "#" + which : "");
        }
    }
}
