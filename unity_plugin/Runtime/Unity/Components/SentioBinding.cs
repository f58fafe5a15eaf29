using System;
using System.Text;
using Sentio.Behaviour;
using UnityEngine;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>A UnityEvent with a colour.</summary>
    [Serializable]
    public sealed class ColourEvent : UnityEvent<Color> { }

    /// <summary>Moves anything by an affect value, with no code: choose what in <see cref="OnChanged"/>, such as a
    /// light's <c>intensity</c> or a sound's <c>volume</c>.</summary>
    /// <remarks>The value goes through a confidence gate, dead band, curve, smoothing and slew limit, and then through
    /// the rails where they are given. With <see cref="Adapt"/> off, or where nothing is known, it eases to what
    /// <see cref="Neutral"/> stands for. Lights and colours are kept from flashing without rails too; a
    /// <see cref="SentioRails"/> whose photosensitivity is off is the way around. Time is real time: a body knows no slow
    /// motion.</remarks>
    [AddComponentMenu("Sentio/Sentio Binding")]
    public sealed class SentioBinding : MonoBehaviour
    {
        private const int CurveSteps = 64;

        [SerializeField, Tooltip("Whether the value follows; without it the value eases to neutral.")]
        private bool adapt = true;

        [SerializeField, Tooltip("Where affect comes from; empty takes the feed above this, or any in the scenes.")]
        private SentioFeed source;

        [SerializeField, Tooltip("The entry of the affect vector that is followed.")]
        private AffectEntry entry = AffectEntry.Arousal;

        [SerializeField, Tooltip("The last word on the value; without it only flashes are held back.")]
        private SentioRails rails;

        [SerializeField, Tooltip("The value is a light's strength, so that it must not flash.")]
        private bool isLight;

        [Header("Response")]
        [SerializeField, Tooltip("From affect (x, rising) to the game's value (y).")]
        private Vector2[] points = { new Vector2(-1f, 0f), new Vector2(1f, 1f) };

        [SerializeField, Tooltip("Eases between the points instead of straight lines.")]
        private bool smooth;

        [SerializeField, Tooltip("A drawn curve instead of the points, over its own keys' range; empty for none.")]
        private AnimationCurve curve = new AnimationCurve();

        [SerializeField, Range(0f, 1f), Tooltip("Movements of affect that are ignored.")]
        private float deadBand = 0.02f;

        [SerializeField, Range(0f, 30f), Tooltip("Seconds of the time constant with which the value follows.")]
        private float smoothing = 0.5f;

        [SerializeField, Min(0f), Tooltip("Most that the value rises in a second; 0 for no limit.")]
        private float rise;

        [SerializeField, Min(0f), Tooltip("Most that the value falls in a second; 0 for no limit.")]
        private float fall;

        [Header("Confidence")]
        [SerializeField, Tooltip("The affect value that stands in where nothing is known.")]
        private float neutral;

        [SerializeField, Range(0f, 1f), Tooltip("Confidence from which affect is believed.")]
        private float threshold = 0.1f;

        [SerializeField, Range(0f, 30f), Tooltip("Seconds for which the last good value stands in.")]
        private float hold = 1f;

        [SerializeField, Range(0f, 30f), Tooltip("Seconds from full trust to none, and back.")]
        private float easeSeconds = 2f;

        [Header("What is moved")]
        [SerializeField, Tooltip("Takes the value: choose a float under 'Dynamic', such as Light.intensity.")]
        private NumberEvent onChanged = new NumberEvent();

        [SerializeField, Tooltip("The colours from value 0 to 1, for the event below.")]
        private Gradient colours = new Gradient();

        [SerializeField, Tooltip("Takes the colour: choose one under 'Dynamic', such as Light.color.")]
        private ColourEvent onColour = new ColourEvent();

        private readonly FeedFinder<SentioFeed> _finder = new FeedFinder<SentioFeed>();
        private readonly FlashGuard _lightGuard = new FlashGuard();
        private readonly ColourGuard _colourGuard = new ColourGuard();
        private BindingChain _chain;
        private string _what = "";
        private double _low, _high;

        /// <summary>The value has moved.</summary>
        public event Action<float> Changed;

        /// <summary>Whether the value follows; without it the value eases to neutral.</summary>
        public bool Adapt { get { return adapt; } set { adapt = value; } }

        /// <summary>Where affect comes from; null takes the feed above this, or any in the scenes.</summary>
        public SentioFeed Source { get { return source; } set { source = value; } }

        /// <summary>The entry of the affect vector that is followed.</summary>
        public AffectEntry Entry { get { return entry; } set { entry = value; } }

        /// <summary>The last word; null for none.</summary>
        public SentioRails Rails { get { return rails; } set { rails = value; _chain = null; } }

        /// <summary>Whether the value is a light's strength, so that it must not flash.</summary>
        public bool IsLight { get { return isLight; } set { isLight = value; } }

        /// <summary>From affect (x, rising) to the game's value (y).</summary>
        public Vector2[] Points { get { return points; } set { points = value; _chain = null; } }

        /// <summary>Whether it eases between the points.</summary>
        public bool Smooth { get { return smooth; } set { smooth = value; _chain = null; } }

        /// <summary>A drawn curve instead of the points; null or empty for none.</summary>
        public AnimationCurve Curve { get { return curve; } set { curve = value; _chain = null; } }

        /// <summary>Movements of affect that are ignored.</summary>
        public float DeadBand { get { return deadBand; } set { deadBand = value; _chain = null; } }

        /// <summary>Seconds of the time constant with which the value follows.</summary>
        public float Smoothing { get { return smoothing; } set { smoothing = value; _chain = null; } }

        /// <summary>Most that the value rises in a second; 0 for no limit.</summary>
        public float Rise { get { return rise; } set { rise = value; _chain = null; } }

        /// <summary>Most that the value falls in a second; 0 for no limit.</summary>
        public float Fall { get { return fall; } set { fall = value; _chain = null; } }

        /// <summary>The affect value that stands in where nothing is known.</summary>
        public float Neutral { get { return neutral; } set { neutral = value; _chain = null; } }

        /// <summary>Confidence from which affect is believed.</summary>
        public float Threshold { get { return threshold; } set { threshold = value; _chain = null; } }

        /// <summary>Seconds for which the last good value stands in.</summary>
        public float Hold { get { return hold; } set { hold = value; _chain = null; } }

        /// <summary>Seconds from full trust to none, and back.</summary>
        public float EaseSeconds { get { return easeSeconds; } set { easeSeconds = value; _chain = null; } }

        /// <summary>The colours from value 0 to 1.</summary>
        public Gradient Colours { get { return colours; } set { colours = value; } }

        /// <summary>The inspector's event of a value; told in each frame.</summary>
        public NumberEvent OnChanged { get { return onChanged; } }

        /// <summary>The inspector's event of a colour; told in each frame.</summary>
        public ColourEvent OnColour { get { return onColour; } }

        /// <summary>What the game was given last; NaN before the first.</summary>
        public float Value { get; private set; } = float.NaN;

        /// <summary>The colour that the game was given last.</summary>
        public Color Colour { get; private set; }

        /// <summary>How far affect is followed now, 0..1.</summary>
        public float Trust { get { return _chain == null ? 0f : (float)_chain.Gate.Trust; } }

        /// <summary>Lets seconds go by; <c>Update</c> calls it.</summary>
        public void Advance(float seconds)
        {
            if (_chain == null) Refresh();
            SentioFeed feed = _finder.Of(source, this, seconds);
            bool follows = adapt && feed;
            float known = follows ? feed.Fresh(entry) : float.NaN;
            float sure = follows ? feed.Fresh(AffectEntry.Confidence) : float.NaN;
            float wanted = (float)_chain.Step(seconds, known, sure);
            if (rails) wanted = rails.Limit(_what, wanted, seconds);
            if (isLight) wanted = Unflashed(wanted, seconds);
            bool moved = wanted != Value;
            Value = wanted;
            Colour = colours == null ? new Color(wanted, wanted, wanted) : colours.Evaluate(Mathf.Clamp01(wanted));
            bool held;
            Colour = rails ? rails.LimitColour(_what, Colour, seconds) : FlashRail.Pass(_colourGuard, Colour, seconds, out held);
            if (moved && Changed != null) Changed(Value);
            onChanged.Invoke(Value);
            onColour.Invoke(Colour);
        }

        private void Update() { Advance(Time.unscaledDeltaTime); }

        private void OnValidate() { _chain = null; }

        // What counts as a flash is relative to the brightest that the light can be.
        private float Unflashed(float wanted, float seconds)
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

        // Two bindings are two values to the rails, told apart by where they are.
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
