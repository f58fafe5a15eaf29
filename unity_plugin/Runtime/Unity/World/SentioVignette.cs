using UnityEngine;

namespace Sentio
{
    /// <summary>Darkens the edge of the view while the game moves the player; add it to the headset's camera and set
    /// <see cref="Strength"/> from <see cref="SentioComfort.Vignette"/>.</summary>
    /// <remarks>A sprite in front of the camera: it needs no shader of its own and works in every render
    /// pipeline.</remarks>
    [AddComponentMenu("Sentio/Sentio Vignette")]
    public sealed class SentioVignette : MonoBehaviour
    {
        private const int Pixels = 64;
        private const float Distance = 0.35f, Size = 1.6f;
        // Share of the half width that stays clear, and at which it is dark.
        private const float Clear = 0.25f, Dark = 0.6f;

        private SpriteRenderer _shown;
        private float _strength;

        /// <summary>How dark the edge is, 0..1.</summary>
        public float Strength
        {
            get { return _strength; }
            set
            {
                _strength = Mathf.Clamp01(value);
                if (!_shown) Make();
                _shown.gameObject.SetActive(_strength > 0);
                _shown.color = new Color(0, 0, 0, _strength);
            }
        }

        /// <summary>Darkness at a distance from the middle; 1 is the middle of a side.</summary>
        internal static float At(float x, float y)
        {
            return Mathf.SmoothStep(0, 1, (Mathf.Sqrt(x * x + y * y) - Clear) / (Dark - Clear));
        }

        private void Make()
        {
            var edge = new Texture2D(Pixels, Pixels);
            var colours = new Color[Pixels * Pixels];
            for (int i = 0; i < colours.Length; i++)
            {
                float x = 2f * (i % Pixels + 0.5f) / Pixels - 1, y = 2f * (i / Pixels + 0.5f) / Pixels - 1;
                colours[i] = new Color(1, 1, 1, At(x, y));
            }
            edge.SetPixels(colours);
            edge.Apply();
            var made = new GameObject("Vignette");
            made.transform.SetParent(transform, false);
            made.transform.localPosition = new Vector3(0, 0, Distance);
            _shown = made.AddComponent<SpriteRenderer>();
            _shown.sprite = Sprite.Create(edge, new Rect(0, 0, Pixels, Pixels), new Vector2(0.5f, 0.5f), Pixels / Size);
            _shown.sortingOrder = short.MaxValue;
        }
    }
}
